import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { AnswerPage } from '@/features/history/components/answer-page';
import { HistoryPage } from '@/features/history/components/history-page';
import type { Classification } from '@/lib/api-client';
import { createAnswer, createFeedback, createObject } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, problem, server } from '@/testing/server';

let requests: URLSearchParams[];

const pages = (...answers: Classification[][]) => {
  server.use(
    http.get(CLASSIFICATIONS, ({ request }) => {
      const query = new URL(request.url).searchParams;
      requests.push(query);
      const page = Number(query.get('cursor') ?? 0);
      const next = page + 1 < answers.length ? String(page + 1) : null;
      return HttpResponse.json({ items: answers[page] ?? [], next_cursor: next });
    }),
  );
};

const one = createAnswer({ id: 'a1', path: 'one.jpg' });
const two = createAnswer({
  id: 'a2',
  path: 'two.jpg',
  verdict: 'unsure',
  feedback: createFeedback({ verdict: 'incorrect', label: 'nebula' }),
});

const tiles = async () => {
  await screen.findByRole('status');
  return within(screen.getByRole('list', { name: 'History' })).queryAllByRole('link');
};

beforeEach(() => {
  requests = [];
});

describe('the answer list', () => {
  it('shows each answer with its feedback and a link', async () => {
    pages([one, two]);
    renderInApp(<HistoryPage />);
    const [first, second] = await tiles();
    expect(first).toHaveTextContent(/Galaxy.*Confident.*No feedback yet.*one\.jpg/);
    expect(first).toHaveAttribute('href', '/answers/a1');
    expect(second).toHaveTextContent(/Unsure.*Corrected to: Nebula/);
  });

  it('names the object unless it is contradicted', async () => {
    const object = createObject();
    pages([
      { ...one, object, agreement: 'agrees' },
      { ...two, object, agreement: 'differs' },
    ]);
    renderInApp(<HistoryPage />);
    const [first, second] = await tiles();
    expect(first).toHaveTextContent('M 31, Andromeda Galaxy');
    expect(second).not.toHaveTextContent('M 31');
  });

  it('loads the next page on demand', async () => {
    pages([one], [two]);
    renderInApp(<HistoryPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('two.jpg')).toBeVisible();
    expect(screen.getByText('one.jpg')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Show more' })).not.toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('2 answers');
    expect(screen.getByRole('link', { name: /two\.jpg/ })).toHaveFocus();
  });

  it('keeps all loaded pages after an answer is deleted', async () => {
    const three = createAnswer({ id: 'a3', path: 'three.jpg' });
    pages([one], [two, three]);
    server.use(
      http.get('*/api/v1/classifications/a2', () => HttpResponse.json(two)),
      http.delete('*/api/v1/classifications/a2', () => new HttpResponse(null, { status: 204 })),
    );
    renderInApp(
      <Routes>
        <Route path="/history" element={<HistoryPage />} />
        <Route path="/answers/:id" element={<AnswerPage id="a2" feedback={() => null} />} />
      </Routes>,
      '/history',
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    await userEvent.click(await screen.findByRole('link', { name: /two\.jpg/ }));
    await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
    pages([one], [three]);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete permanently' }));
    expect(await screen.findByRole('link', { name: /three\.jpg/ })).toBeVisible();
    expect(screen.queryByRole('link', { name: /two\.jpg/ })).not.toBeInTheDocument();
  });

  it('links to the home page if it is empty', async () => {
    pages([]);
    renderInApp(<HistoryPage />);
    expect(await screen.findByText(/No answers yet/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Classify an image' })).toHaveAttribute('href', '/');
  });

  it('can be loaded again after an error', async () => {
    server.use(
      http.get(CLASSIFICATIONS, () => problem(503, 'storage_unavailable', 'The disk is full.'), {
        once: true,
      }),
    );
    renderInApp(<HistoryPage />);
    expect(await screen.findByText('The disk is full.')).toBeVisible();
    pages([one]);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('one.jpg')).toBeVisible();
  });
});

describe('the filter', () => {
  it('is applied by the server and can be reset', async () => {
    pages([one]);
    renderInApp(<HistoryPage />);
    await tiles();
    await userEvent.selectOptions(screen.getByLabelText('Verdict'), 'Unsure');
    await userEvent.selectOptions(screen.getByLabelText('Sort by'), 'Most uncertain first');
    await waitFor(() => {
      expect(requests.at(-1)?.toString()).toMatch(/sort=most_uncertain&verdict=unsure/);
    });
    await userEvent.selectOptions(screen.getByLabelText('Verdict'), 'All');
    await waitFor(() => {
      expect(requests.at(-1)?.has('verdict')).toBe(false);
    });
  });

  it('is read from the URL, ignoring unknown values', async () => {
    pages([]);
    renderInApp(<HistoryPage />, '/history?label=nebula&verdict=certain&model=gone');
    expect(await screen.findByText(/No answers match/)).toBeVisible();
    expect(Object.fromEntries(requests[0] ?? [])).toEqual({
      label: 'nebula',
      model: 'gone',
      limit: '24',
    });
  });
});

describe('the download', () => {
  it.each([
    ['CSV', 'csv'],
    ['JSON', 'json'],
  ])('as %s is written by the server, with the filter', async (title, format) => {
    pages([one], [two]);
    const exported: string[] = [];
    server.use(
      http.get(`${CLASSIFICATIONS}/export`, ({ request }) => {
        exported.push(new URL(request.url).search);
        return HttpResponse.text('path,label');
      }),
    );
    const downloads: { name: string; blob: Blob }[] = [];
    const createUrl = vi.spyOn(URL, 'createObjectURL');
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      downloads.push({ name: this.download, blob: createUrl.mock.lastCall?.[0] as Blob });
    });
    renderInApp(<HistoryPage />, '/history?label=galaxy');
    await userEvent.click(await screen.findByRole('button', { name: `Download ${title}` }));
    await waitFor(() => {
      expect(downloads).toHaveLength(1);
    });
    expect(downloads[0]?.name).toBe(`deepsky.${format}`);
    expect(await downloads[0]?.blob.text()).toBe('path,label');
    expect(exported).toEqual([`?label=galaxy&format=${format}`]);
  });
});
