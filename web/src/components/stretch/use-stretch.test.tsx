import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { useLocation } from 'react-router';
import { beforeEach, expect, it } from 'vitest';

import { useChangeStretch } from '@/components/stretch/use-stretch';
import type { Feedback } from '@/lib/api-client';
import { createAnswer, createFeedback } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, server } from '@/testing/server';

let deleted: string[];

/** Shows the id of the answer at the current address, and changes its stretch. */
const Probe = ({ feedback }: { feedback: Feedback | null }) => {
  const id = useLocation().pathname.split('/')[2] ?? '';
  const { mutate } = useChangeStretch(createAnswer({ id, feedback }));
  return (
    <>
      <output>{id}</output>
      {['mtf-0.1-1', 'mtf-0.2-1', 'auto'].map((stretch) => (
        <button
          key={stretch}
          onClick={() => {
            mutate(stretch);
          }}
        >
          {stretch}
        </button>
      ))}
    </>
  );
};

beforeEach(() => {
  deleted = [];
  server.use(
    http.post<never, { stretch: string }>(`${CLASSIFICATIONS}/:id/stretch`, async ({ request }) => {
      const { stretch } = await request.json();
      const isKnown = stretch === 'auto';
      const answer = createAnswer({ id: isKnown ? 'first' : stretch });
      return HttpResponse.json(answer, { status: isKnown ? 200 : 201 });
    }),
    http.delete<{ id: string }>(`${CLASSIFICATIONS}/:id`, ({ params }) => {
      deleted.push(params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const choose = async (stretch: string, id = stretch) => {
  await userEvent.click(screen.getByRole('button', { name: stretch }));
  await screen.findByText(id, { selector: 'output' });
};

it('replaces the answers that were tried, and keeps the first one', async () => {
  renderInApp(<Probe feedback={null} />, '/answers/first');
  await choose('mtf-0.1-1');
  expect(deleted).toEqual([]);
  await choose('mtf-0.2-1');
  await expect.poll(() => deleted).toEqual(['mtf-0.1-1']);
  await choose('auto', 'first');
  await expect.poll(() => deleted).toEqual(['mtf-0.1-1', 'mtf-0.2-1']);
  await choose('mtf-0.1-1');
  expect(deleted).toHaveLength(2);
});

it('keeps answers with feedback', async () => {
  renderInApp(<Probe feedback={createFeedback()} />, '/answers/first');
  await choose('mtf-0.1-1');
  await choose('mtf-0.2-1');
  await choose('auto', 'first');
  expect(deleted).toEqual([]);
});
