import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';

import { ReviewPage } from '@/features/review/components/review-page';
import type { Classification, FeedbackForm } from '@/lib/api-client';
import { markSeen } from '@/lib/seen-answers';
import { createAnswer, createFeedback } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, FEEDBACK, problem, server } from '@/testing/server';

const ANSWERS = ['a1', 'a2', 'a3'].map((id) =>
  createAnswer({ id, path: `${id}.jpg`, image_sha256: id }),
);

let saved: [id: string, feedback: unknown][];
let forms: FeedbackForm[];
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

const imageShown = (name: string) => screen.findByAltText(`Image ${name}`);

beforeEach(() => {
  saved = [];
  forms = [];
  localStorage.clear();
  server.use(
    http.put<{ id: string }, FeedbackForm>(FEEDBACK, async ({ params, request }) => {
      const form = await request.json();
      saved.push([
        params.id,
        form.verdict === 'incorrect' ? (form.label ?? form.verdict) : form.verdict,
      ]);
      forms.push(form);
      return HttpResponse.json(createFeedback(form));
    }),
    http.delete<{ id: string }>(FEEDBACK, ({ params }) => {
      saved.push([params.id, null]);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

describe('the review queue', () => {
  it('contains the answers without feedback, the most uncertain first', async () => {
    show();
    await imageShown('a1.jpg');
    expect(Object.fromEntries(query)).toMatchObject({ sort: 'most_uncertain', feedback: 'none' });
    expect(screen.getByText('1 of 3')).toBeVisible();
  });

  it('shows a message if it is empty', async () => {
    show([]);
    expect(await screen.findByText(/Nothing left to review/)).toBeVisible();
  });

  it('shows an error if it cannot be loaded', async () => {
    server.use(
      http.get(CLASSIFICATIONS, () => problem(503, 'storage_unavailable', 'The disk is full.')),
    );
    renderInApp(<ReviewPage />);
    expect(await screen.findByText('The disk is full.')).toBeVisible();
  });
});

it('shows an image with several answers once and saves the label for all of them', async () => {
  const [first, second] = ANSWERS as [Classification, Classification];
  show([first, second, { ...first, id: 'a1-vgg16', model: 'vgg16', label: 'nebula' }]);
  await imageShown('a1.jpg');
  expect(screen.getByText('1 of 2')).toBeVisible();
  await userEvent.keyboard('2');
  await imageShown('a2.jpg');
  await userEvent.keyboard('1');
  expect(await screen.findByText(/reviewing 2 images/)).toBeVisible();
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}u');
  await waitFor(() => {
    expect(saved).toEqual([
      ['a1', 'nebula'],
      ['a1-vgg16', 'correct'],
      ['a2', 'correct'],
      ['a2', null],
    ]);
  });
  await userEvent.keyboard('u');
  await waitFor(() => {
    expect(saved.slice(4)).toEqual([
      ['a1', null],
      ['a1-vgg16', null],
    ]);
  });
});

describe('the keyboard', () => {
  it('labels each image with one key', async () => {
    show();
    for (const [name, key] of [
      ['a1.jpg', '1'],
      ['a2.jpg', '2'],
      ['a3.jpg', '4'],
    ] as const) {
      await imageShown(name);
      await userEvent.keyboard(key);
    }
    expect(await screen.findByText(/reviewing 3 images/)).toBeVisible();
    await waitFor(() => {
      expect(saved).toEqual([
        ['a1', 'correct'],
        ['a2', 'nebula'],
        ['a3', 'other'],
      ]);
    });
  });

  it('moves between images without saving feedback', async () => {
    show();
    await imageShown('a1.jpg');
    await userEvent.keyboard('{ArrowLeft}{ArrowRight}');
    await imageShown('a2.jpg');
    await userEvent.keyboard('{ArrowLeft}');
    await imageShown('a1.jpg');
    expect(saved).toEqual([]);
  });

  it('undoes the last feedback and returns to its image', async () => {
    show();
    await imageShown('a1.jpg');
    await userEvent.keyboard('2{ArrowRight}u');
    await imageShown('a1.jpg');
    await waitFor(() => {
      expect(saved).toEqual([
        ['a1', 'nebula'],
        ['a1', null],
      ]);
    });
    expect(screen.getByRole('button', { name: /Undo/ })).toBeDisabled();
  });

  it('opens a dialog that lists the shortcuts and disables them while it is open', async () => {
    show();
    await imageShown('a1.jpg');
    await userEvent.keyboard('?');
    await waitFor(() => {
      expect(screen.getByText('Undo the last feedback')).toBeVisible();
    });
    await userEvent.keyboard('1');
    expect(screen.getByText('1 of 3')).toBeInTheDocument();
    expect(saved).toEqual([]);
  });
});

it('shows feedback that could not be saved on the next image, and can retry', async () => {
  show();
  server.use(
    http.put(FEEDBACK, () => problem(503, 'storage_unavailable', 'The disk is full.'), {
      once: true,
    }),
  );
  await imageShown('a1.jpg');
  await userEvent.keyboard('3');
  await imageShown('a2.jpg');
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Your feedback on a1.jpg was not saved. The disk is full.',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => {
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
  expect(saved).toEqual([['a1', 'star_cluster']]);
});

describe('a review', () => {
  it('shows the answer of the model only after the judgement', async () => {
    show();
    await imageShown('a1.jpg');
    expect(screen.queryByText(/EfficientNet|very sure|96\.4/)).not.toBeInTheDocument();
    expect(screen.queryByText('a1.jpg')).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Why?' })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: /Nebula/ }));
    expect(await screen.findByText('You said: Nebula. The model disagrees.')).toBeVisible();
    expect(screen.getByText(/A galaxy, very sure/)).toBeVisible();
    await userEvent.keyboard('1');
    expect(await screen.findByText('You said: Galaxy. The model agrees.')).toBeVisible();
    await waitFor(() => {
      expect(forms.map(({ blind }) => blind)).toEqual([true, true]);
    });
  });

  it('is not blind for an image of which the answer has been seen', async () => {
    markSeen('a1');
    show();
    await imageShown('a1.jpg');
    await userEvent.keyboard('1');
    await imageShown('a2.jpg');
    await userEvent.keyboard('1u');
    await imageShown('a2.jpg');
    await userEvent.keyboard('1');
    await waitFor(() => {
      expect(forms.map(({ blind }) => blind)).toEqual([false, true, false]);
    });
  });

  it('accepts two classes, and that the person does not know', async () => {
    show();
    await imageShown('a1.jpg');
    await userEvent.click(screen.getByRole('button', { name: /Two of them/ }));
    await userEvent.click(screen.getByRole('button', { name: /Nebula/ }));
    expect(screen.getByText('Nebula and …? Choose the second class.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /Galaxy/ }));
    await imageShown('a2.jpg');
    await userEvent.keyboard('b32');
    await imageShown('a3.jpg');
    await userEvent.keyboard('0');
    expect(await screen.findByText(/You said: I don’t know/)).toBeVisible();
    await waitFor(() => {
      expect(forms).toMatchObject([
        { verdict: 'correct', label: 'galaxy', second_label: 'nebula' },
        { verdict: 'incorrect', label: 'star_cluster', second_label: 'nebula' },
        { verdict: 'unsure' },
      ]);
    });
  });
});
