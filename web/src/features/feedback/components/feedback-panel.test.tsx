import { useQuery } from '@tanstack/react-query';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { delay, http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';

import { FeedbackPanel } from '@/features/feedback/components/feedback-panel';
import { ANSWERS } from '@/lib/answer-cache';
import type { FeedbackForm } from '@/lib/api-client';
import { createAnswer, createFeedback } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { FEEDBACK, problem, server } from '@/testing/server';

/** Renders the feedback panel for a cached classification. */
const Panel = () => {
  const { data } = useQuery({ queryKey: [ANSWERS, 'one'], queryFn: () => createAnswer() });
  return data && <FeedbackPanel answer={data} />;
};

let sent: unknown[];

beforeEach(() => {
  sent = [];
  server.use(
    http.put<never, FeedbackForm>(FEEDBACK, async ({ request }) => {
      const form = await request.json();
      sent.push(form);
      return HttpResponse.json(createFeedback(form));
    }),
    http.delete(FEEDBACK, () => {
      sent.push('deleted');
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const click = async (name: RegExp) => {
  await userEvent.click(await screen.findByRole('button', { name }));
};
const press = async (key: string) => {
  await screen.findByText(/Is this answer correct|Thank you/);
  await userEvent.keyboard(key);
};
const status = (text: RegExp) => screen.findByText(text, { selector: '[role=status]' });

describe('feedback', () => {
  it.each([
    ['a click on Yes', () => click(/Yes/), { verdict: 'correct' }, /as correct/],
    ['the key Y', () => press('y'), { verdict: 'correct' }, /as correct/],
    ['a click on No', () => click(/No/), { verdict: 'incorrect' }, /What does the image show/],
    ['the key N', () => press('n'), { verdict: 'incorrect' }, /What does the image show/],
    ['the key 1, the label of the answer', () => press('1'), { verdict: 'correct' }, /as correct/],
    ['the key 0', () => press('0'), { verdict: 'unsure' }, /You chose: I don’t know/],
    [
      'the keys B, 1 and 2',
      () => press('b12'),
      { verdict: 'correct', label: 'galaxy', second_label: 'nebula' },
      /You chose: Galaxy and Nebula/,
    ],
    [
      'the key 3',
      () => press('3'),
      { verdict: 'incorrect', label: 'star_cluster' },
      /You chose: Star cluster/,
    ],
  ])('is saved by %s', async (_, act, form, text) => {
    renderInApp(<Panel />);
    await act();
    expect(await status(text)).toBeVisible();
    await waitFor(() => {
      expect(sent).toEqual([expect.objectContaining(form)]);
    });
  });

  it('can include the correct label; the label of the answer is disabled', async () => {
    renderInApp(<Panel />);
    await click(/No/);
    expect(await screen.findByRole('button', { name: /Galaxy/ })).toBeDisabled();
    await click(/Nebula/);
    expect(await status(/You chose: Nebula/)).toBeVisible();
    expect(screen.getByRole('button', { name: /Nebula/ })).toHaveAttribute('aria-pressed', 'true');
    expect(sent.at(-1)).toMatchObject({ verdict: 'incorrect', label: 'nebula' });
  });

  it('can be undone', async () => {
    renderInApp(<Panel />);
    await click(/Yes/);
    await status(/as correct/);
    await click(/Undo/);
    expect(await status(/Is this answer correct/)).toBeVisible();
    expect(sent.at(-1)).toBe('deleted');
  });

  it('can include a comment, in which letters do not trigger keyboard shortcuts', async () => {
    renderInApp(<Panel />);
    await click(/Yes/);
    await click(/Add a comment/);
    expect(screen.getByRole('textbox')).toHaveFocus();
    await userEvent.keyboard('yes, 1 of 2 unusual ones');
    await click(/Save/);
    expect(await screen.findByText(/Your comment: yes, 1 of 2 unusual ones/)).toBeVisible();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ verdict: 'correct', comment: 'yes, 1 of 2 unusual ones' });
  });

  it('can change while a comment is being written', async () => {
    renderInApp(<Panel />);
    await click(/No/);
    await click(/Add a comment/);
    await userEvent.type(screen.getByRole('textbox'), 'A ring of stars');
    await click(/Nebula/);
    await status(/You chose: Nebula/);
    expect(screen.getByRole('textbox')).toHaveValue('A ring of stars');
    await click(/Undo/);
    await status(/Is this answer correct/);
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
    await click(/Yes/);
    await status(/as correct/);
    await click(/Save/);
    expect(await screen.findByText(/Your comment: A ring of stars/)).toBeVisible();
    expect(sent.at(-1)).toMatchObject({ verdict: 'correct', comment: 'A ring of stars' });
  });
});

describe('saving feedback', () => {
  it('shows an error and the previous feedback if it fails, and can be retried', async () => {
    server.use(
      http.put(FEEDBACK, () => problem(503, 'storage_unavailable', 'The disk is full.'), {
        once: true,
      }),
    );
    renderInApp(<Panel />);
    await click(/Yes/);
    expect(await screen.findByRole('alert')).toHaveTextContent(/not saved. The disk is full/);
    expect(await status(/Is this answer correct/)).toBeVisible();
    await click(/Try again/);
    expect(await status(/as correct/)).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('shows no thank-you message until it is done', async () => {
    server.use(
      http.put(FEEDBACK, async () => {
        await delay('infinite');
        return HttpResponse.error();
      }),
    );
    renderInApp(<Panel />);
    await click(/Yes/);
    expect(await status(/Saving/)).toBeVisible();
    expect(screen.queryByText(/Thank you/)).not.toBeInTheDocument();
  });
});
