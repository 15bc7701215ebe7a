import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';

import { ReviewPage } from '@/features/review/components/review-page';
import type { Classification, FeedbackForm } from '@/lib/api-client';
import { answerWith, feedbackWith } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, FEEDBACK, problem, server } from '@/testing/server';

const ANSWERS = ['a1', 'a2', 'a3'].map((id) =>
  answerWith({ id, path: `${id}.jpg`, image_sha256: id }),
);

let said: [id: string, words: unknown][];
let query: URLSearchParams;

const show = (answers: Classification[] = ANSWERS) => {
  server.use(
    http.get(CLASSIFICATIONS, ({ request }) => {
      query = new URL(request.url).searchParams;
      return HttpResponse.json({ items: answers, next_cursor: null });
    }),
  );
  renderInApp(<ReviewPage />);
};

const at = (name: string) => screen.findByAltText(`The image ${name}`);

beforeEach(() => {
  said = [];
  server.use(
    http.put(FEEDBACK, async ({ params, request }) => {
      const form = (await request.json()) as FeedbackForm;
      said.push([params.id as string, form.label ?? form.verdict]);
      return HttpResponse.json(feedbackWith(form));
    }),
    http.delete(FEEDBACK, ({ params }) => {
      said.push([params.id as string, null]);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

describe('the queue', () => {
  it('holds what nobody has judged, the most doubtful first', async () => {
    show();
    await at('a1.jpg');
    expect(Object.fromEntries(query)).toMatchObject({ sort: 'most_uncertain', feedback: 'none' });
    expect(screen.getByText('1 of 3')).toBeVisible();
  });

  it('may be empty', async () => {
    show([]);
    expect(await screen.findByText(/Nothing waits for you/)).toBeVisible();
  });

  it('can be asked for again where the server does not answer', async () => {
    server.use(
      http.get(CLASSIFICATIONS, () => problem(503, 'storage_unavailable', 'The disk is away.')),
    );
    renderInApp(<ReviewPage />);
    expect(await screen.findByText('The disk is away.')).toBeVisible();
  });
});

it('asks once about an image that several models answered, and says it of each', async () => {
  const [first, second] = ANSWERS as [Classification, Classification];
  show([first, second, { ...first, id: 'a1-vgg16', model: 'vgg16', label: 'nebula' }]);
  await at('a1.jpg');
  expect(screen.getByText('1 of 2')).toBeVisible();
  await userEvent.keyboard('2');
  await at('a2.jpg');
  await userEvent.keyboard('1');
  expect(await screen.findByText(/you judged 2/)).toBeVisible();
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}u');
  await waitFor(() => {
    expect(said).toEqual([
      ['a1', 'nebula'],
      ['a1-vgg16', 'correct'],
      ['a2', 'correct'],
      ['a2', null],
    ]);
  });
  await userEvent.keyboard('u');
  await waitFor(() => {
    expect(said.slice(4)).toEqual([
      ['a1', null],
      ['a1-vgg16', null],
    ]);
  });
});

describe('with keys', () => {
  it('each image takes one, and the last is thanked for', async () => {
    show();
    for (const [name, key] of [
      ['a1.jpg', '1'],
      ['a2.jpg', '2'],
      ['a3.jpg', '4'],
    ] as const) {
      await at(name);
      await userEvent.keyboard(key);
    }
    expect(await screen.findByText(/you judged 3/)).toBeVisible();
    await waitFor(() => {
      expect(said).toEqual([
        ['a1', 'correct'],
        ['a2', 'nebula'],
        ['a3', 'other'],
      ]);
    });
  });

  it('goes on and back without a word', async () => {
    show();
    await at('a1.jpg');
    await userEvent.keyboard('{ArrowLeft}{ArrowRight}');
    await at('a2.jpg');
    await userEvent.keyboard('{ArrowLeft}');
    await at('a1.jpg');
    expect(said).toEqual([]);
  });

  it('goes back to what was said last, and takes it back', async () => {
    show();
    await at('a1.jpg');
    await userEvent.keyboard('2{ArrowRight}u');
    await at('a1.jpg');
    await waitFor(() => {
      expect(said).toEqual([
        ['a1', 'nebula'],
        ['a1', null],
      ]);
    });
    expect(screen.getByRole('button', { name: /Undo/ })).toBeDisabled();
  });

  it('tells what they do, and none works while it does', async () => {
    show();
    await at('a1.jpg');
    await userEvent.keyboard('?');
    await waitFor(() => {
      expect(screen.getByText('Take back what was said last')).toBeVisible();
    });
    await userEvent.keyboard('1');
    expect(screen.getByText('1 of 3')).toBeInTheDocument();
    expect(said).toEqual([]);
  });
});

it('names what could not be saved, after going on, and tries it again', async () => {
  show();
  server.use(
    http.put(FEEDBACK, () => problem(503, 'storage_unavailable', 'The disk is away.'), {
      once: true,
    }),
  );
  await at('a1.jpg');
  await userEvent.keyboard('3');
  await at('a2.jpg');
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Your word on a1.jpg was not saved. The disk is away.',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => {
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
  expect(said).toEqual([['a1', 'star_cluster']]);
});
