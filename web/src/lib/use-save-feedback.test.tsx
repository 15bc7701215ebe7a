import { useQuery } from '@tanstack/react-query';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { delay, http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { ANSWERS } from '@/lib/answer-cache';
import { useSaveFeedback } from '@/lib/use-save-feedback';
import { createAnswer, createFeedback } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { FEEDBACK, problem, server } from '@/testing/server';

let fetched = 0;

const Panel = ({
  fetchAnswer,
}: {
  fetchAnswer: () => ReturnType<typeof createAnswer> | Promise<ReturnType<typeof createAnswer>>;
}) => {
  const { data, refetch } = useQuery({ queryKey: [ANSWERS, 'one'], queryFn: fetchAnswer });
  const { mutate } = useSaveFeedback();
  if (data === undefined) return null;
  return (
    <>
      <output>{data.feedback?.verdict ?? 'none'}</output>
      <button onClick={() => void refetch()}>fetch</button>
      {(['correct', 'incorrect'] as const).map((verdict) => (
        <button
          key={verdict}
          onClick={() => {
            mutate({ answer: data, feedback: { verdict } });
          }}
        >
          {verdict}
        </button>
      ))}
    </>
  );
};

const click = async (name: string) => {
  await userEvent.click(await screen.findByRole('button', { name }));
};

it('feedback stays if the answer was being fetched when it was given', async () => {
  let stored: ReturnType<typeof createFeedback> | null = null;
  let release = (): void => undefined;
  server.use(
    http.put(FEEDBACK, () => {
      stored = createFeedback({ verdict: 'correct' });
      return HttpResponse.json(stored);
    }),
  );
  fetched = 0;
  const fetchAnswer = async () => {
    const answer = createAnswer({ feedback: stored });
    fetched += 1;
    if (fetched === 2) await new Promise<void>((resolve) => (release = resolve));
    return answer;
  };
  renderInApp(<Panel fetchAnswer={fetchAnswer} />);
  await click('fetch');
  await click('correct');
  await waitFor(() => {
    expect(stored).not.toBeNull();
  });
  release();
  await waitFor(() => {
    expect(fetched).toBe(3);
  });
  expect(screen.getByRole('status')).toHaveTextContent('correct');
});

it('feedback stays if an answer without it arrives while it is being sent', async () => {
  let [answer, save] = [(): void => undefined, (): void => undefined];
  const saving = new Promise<void>((resolve) => (save = resolve));
  server.use(
    http.put(FEEDBACK, async () => {
      await saving;
      return HttpResponse.json(createFeedback({ verdict: 'correct' }));
    }),
  );
  fetched = 0;
  const fetchAnswer = async () => {
    fetched += 1;
    if (fetched === 2) await new Promise<void>((resolve) => (answer = resolve));
    return createAnswer({ feedback: fetched > 2 ? createFeedback({ verdict: 'correct' }) : null });
  };
  renderInApp(<Panel fetchAnswer={fetchAnswer} />);
  await click('fetch');
  await click('correct');
  expect(screen.getByRole('status')).toHaveTextContent(/^correct/);
  answer();
  await delay(100);
  expect(screen.getByRole('status')).toHaveTextContent(/^correct/);
  save();
  await waitFor(() => {
    expect(fetched).toBe(3);
  });
  expect(screen.getByRole('status')).toHaveTextContent(/^correct/);
});

it('feedback that was never saved is not shown after two failures', async () => {
  let refuse = (): void => undefined;
  const refused = new Promise<void>((resolve) => (refuse = resolve));
  server.use(
    http.put(FEEDBACK, async () => {
      await refused;
      return problem(503, 'storage_unavailable', 'The disk is full.');
    }),
  );
  renderInApp(<Panel fetchAnswer={() => createAnswer()} />);
  await click('correct');
  await click('incorrect');
  expect(screen.getByRole('status')).toHaveTextContent('incorrect');
  refuse();
  await waitFor(() => {
    expect(screen.getByRole('status')).toHaveTextContent('none');
  });
  await delay(500);
  expect(screen.getByRole('status')).toHaveTextContent('none');
});

it('feedback that could not be saved is replaced by the feedback that the server has', async () => {
  let respond = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (respond = resolve));
  const requested: unknown[] = [];
  server.use(
    http.put(FEEDBACK, async ({ request }) => {
      requested.push(await request.json());
      await waiting;
      return requested.length === 1
        ? HttpResponse.json(createFeedback({ verdict: 'correct' }))
        : problem(503, 'storage_unavailable', 'The disk is full.');
    }),
  );
  renderInApp(<Panel fetchAnswer={() => createAnswer()} />);
  await click('correct');
  await click('incorrect');
  expect(screen.getByRole('status')).toHaveTextContent('incorrect');
  respond();
  await waitFor(() => {
    expect(requested).toHaveLength(2);
  });
  await waitFor(() => {
    expect(screen.getByRole('status')).toHaveTextContent(/^correct/);
  });
});
