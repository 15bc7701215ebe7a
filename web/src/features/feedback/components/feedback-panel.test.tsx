import { useQuery } from '@tanstack/react-query';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { delay, http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';

import { FeedbackPanel } from '@/features/feedback/components/feedback-panel';
import { ANSWERS } from '@/lib/answer-cache';
import type { FeedbackForm } from '@/lib/api-client';
import { answerWith, feedbackWith } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { FEEDBACK, problem, server } from '@/testing/server';

/** The panel below an answer that the page remembers. */
const Panel = () => {
  const { data } = useQuery({ queryKey: [ANSWERS, 'one'], queryFn: () => answerWith() });
  return data && <FeedbackPanel answer={data} />;
};

let sent: unknown[];

beforeEach(() => {
  sent = [];
  server.use(
    http.put(FEEDBACK, async ({ request }) => {
      const form = (await request.json()) as FeedbackForm;
      sent.push(form);
      return HttpResponse.json(feedbackWith(form));
    }),
    http.delete(FEEDBACK, () => {
      sent.push('taken back');
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const click = async (name: RegExp) => {
  await userEvent.click(await screen.findByRole('button', { name }));
};
const press = async (key: string) => {
  await screen.findByText(/Is this right|Thank you/);
  await userEvent.keyboard(key);
};
const said = (text: RegExp) => screen.findByText(text, { selector: '[role=status]' });

describe('what is said', () => {
  it.each([
    ['a click on Yes', () => click(/Yes/), { verdict: 'correct' }, /this is right/],
    ['the key Y', () => press('y'), { verdict: 'correct' }, /this is right/],
    ['a click on No', () => click(/No/), { verdict: 'incorrect' }, /What is it/],
    ['the key N', () => press('n'), { verdict: 'incorrect' }, /What is it/],
    ['the key 1, of the answer', () => press('1'), { verdict: 'correct' }, /this is right/],
    [
      'the key 3',
      () => press('3'),
      { verdict: 'incorrect', label: 'star_cluster' },
      /star cluster/,
    ],
  ])('is kept by %s', async (_, act, form, text) => {
    renderInApp(<Panel />);
    await act();
    expect(await said(text)).toBeVisible();
    await waitFor(() => {
      expect(sent).toEqual([expect.objectContaining(form)]);
    });
  });

  it('can be which class it is, but not the one that is wrong', async () => {
    renderInApp(<Panel />);
    await click(/No/);
    expect(await screen.findByRole('button', { name: /Galaxy/ })).toBeDisabled();
    await click(/Nebula/);
    expect(await said(/this is a nebula/)).toBeVisible();
    expect(screen.getByRole('button', { name: /Nebula/ })).toHaveAttribute('aria-pressed', 'true');
    expect(sent.at(-1)).toMatchObject({ verdict: 'incorrect', label: 'nebula' });
  });

  it('can be taken back', async () => {
    renderInApp(<Panel />);
    await click(/Yes/);
    await said(/this is right/);
    await click(/Undo/);
    expect(await said(/Is this right/)).toBeVisible();
    expect(sent.at(-1)).toBe('taken back');
  });

  it('can have a comment, whose letters are no keys', async () => {
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

  it('changes without a loss of the comment that is being written', async () => {
    renderInApp(<Panel />);
    await click(/No/);
    await click(/Add a comment/);
    await userEvent.type(screen.getByRole('textbox'), 'A ring of stars');
    await click(/Nebula/);
    await said(/this is a nebula/);
    expect(screen.getByRole('textbox')).toHaveValue('A ring of stars');
    await click(/Undo/);
    await said(/Is this right/);
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
    await click(/Yes/);
    await said(/this is right/);
    await click(/Save/);
    expect(await screen.findByText(/Your comment: A ring of stars/)).toBeVisible();
    expect(sent.at(-1)).toMatchObject({ verdict: 'correct', comment: 'A ring of stars' });
  });
});

describe('a save that fails', () => {
  it('is said, shows what counts, and can be tried again', async () => {
    server.use(
      http.put(FEEDBACK, () => problem(503, 'storage_unavailable', 'The disk is full.'), {
        once: true,
      }),
    );
    renderInApp(<Panel />);
    await click(/Yes/);
    expect(await screen.findByRole('alert')).toHaveTextContent(/not saved. The disk is full/);
    expect(await said(/Is this right/)).toBeVisible();
    await click(/Try again/);
    expect(await said(/this is right/)).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('is not taken for one that is still on its way', async () => {
    server.use(
      http.put(FEEDBACK, async () => {
        await delay('infinite');
        return HttpResponse.error();
      }),
    );
    renderInApp(<Panel />);
    await click(/Yes/);
    expect(await said(/Saving/)).toBeVisible();
    expect(screen.queryByText(/Thank you/)).not.toBeInTheDocument();
  });
});
