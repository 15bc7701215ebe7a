import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { UndoNotice } from '@/components/answer-list/undo-notice';
import { AnswerPage } from '@/features/history/components/answer-page';
import { HistoryPage } from '@/features/history/components/history-page';
import type { Classification } from '@/lib/api-client';
import { deletions } from '@/lib/deletions';
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
  return within(await screen.findByRole('list', { name: 'History' })).queryAllByRole('link');
};

beforeEach(() => {
  requests = [];
});

describe('the answer list', () => {
  it('shows each answer with its feedback and a link', async () => {
    pages([one, two]);
    renderInApp(<HistoryPage />);
    const [first, second] = await tiles();
    expect(first).toHaveTextContent(/Galaxy.*Confident.*one\.jpg/);
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

  it('loads the next page when its end is near', async () => {
    pages([one], [two]);
    renderInApp(<HistoryPage />);
    expect(await screen.findByText('two.jpg')).toBeVisible();
    expect(screen.getByText('one.jpg')).toBeVisible();
    await waitFor(() => {
      expect(screen.getByText(/^2 answers/)).toBeVisible();
    });
  });

  it('deletes selected answers after a period in which this can be undone', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const deleted: unknown[] = [];
    server.use(
      http.post(`${CLASSIFICATIONS}/delete`, async ({ request }) => {
        deleted.push(await request.json());
        return HttpResponse.json({ deleted: 1 });
      }),
    );
    pages([one, two]);
    renderInApp(
      <>
        <HistoryPage />
        <UndoNotice />
      </>,
    );
    const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTimeAsync(ms) });
    const remove = async () => {
      await user.click(await screen.findByRole('checkbox', { name: 'Select one.jpg' }));
      expect(screen.getByText('1 selected')).toBeVisible();
      await user.click(screen.getByRole('button', { name: 'Delete' }));
      expect(screen.queryByText('one.jpg')).not.toBeInTheDocument();
    };
    await remove();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(screen.getByText('one.jpg')).toBeVisible();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(deleted).toEqual([]);
    await remove();
    await vi.advanceTimersByTimeAsync(20_000);
    await waitFor(() => {
      expect(deleted).toEqual([{ ids: ['a1'] }]);
    });
    expect(screen.queryByText('one.jpg')).not.toBeInTheDocument();
    vi.useRealTimers();
  });

  it('shows answers that could not be deleted again', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    server.use(
      http.post(`${CLASSIFICATIONS}/delete`, () => problem(503, 'storage_unavailable', 'Full.')),
    );
    pages([one, two]);
    renderInApp(
      <>
        <HistoryPage />
        <UndoNotice />
      </>,
    );
    const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTimeAsync(ms) });
    (await screen.findByRole('link', { name: /two\.jpg/ })).focus();
    await user.keyboard('{Delete}');
    expect(screen.queryByText('two.jpg')).not.toBeInTheDocument();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await screen.findByRole('alert')).toHaveTextContent(/in the list again\. Full\./);
    expect(screen.getByText('two.jpg')).toBeVisible();
    vi.useRealTimers();
  });

  it('can be shown as a table, whose headings sort it', async () => {
    pages([one, two]);
    renderInApp(<HistoryPage />);
    await userEvent.click(await screen.findByRole('radio', { name: 'Table' }));
    const table = screen.getByRole('table', { name: 'History' });
    expect(within(table).getAllByRole('row')).toHaveLength(3);
    await userEvent.click(within(table).getByRole('button', { name: 'Certainty' }));
    await waitFor(() => {
      expect(requests.at(-1)?.get('sort')).toBe('most_uncertain');
    });
    expect(localStorage.getItem('deepsky-list-layout')).toBe('"table"');
  });

  it('keeps all loaded pages after an answer is deleted', async () => {
    const three = createAnswer({ id: 'a3', path: 'three.jpg' });
    pages([one], [two, three]);
    server.use(
      http.get('*/api/v1/classifications/a2', () => HttpResponse.json(two)),
      http.post(`${CLASSIFICATIONS}/delete`, () => HttpResponse.json({ deleted: 1 })),
    );
    renderInApp(
      <Routes>
        <Route path="/history" element={<HistoryPage />} />
        <Route path="/answers/:id" element={<AnswerPage id="a2" feedback={() => null} />} />
      </Routes>,
      '/history',
    );
    await userEvent.click(await screen.findByRole('link', { name: /two\.jpg/ }));
    await userEvent.click(await screen.findByRole('button', { name: 'More', expanded: false }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete', hidden: true }));
    expect(await screen.findByRole('link', { name: /three\.jpg/ })).toBeVisible();
    expect(screen.queryByRole('link', { name: /two\.jpg/ })).not.toBeInTheDocument();
    await deletions.sendAll();
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
    await userEvent.click(screen.getByRole('button', { name: /^Unsure/ }));
    await userEvent.selectOptions(screen.getByLabelText('Sort by'), 'Most uncertain first');
    await waitFor(() => {
      expect(requests.at(-1)?.toString()).toMatch(/sort=most_uncertain.*verdict=unsure/);
    });
    await userEvent.click(screen.getByRole('button', { name: /^Unsure/ }));
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
      limit: '100',
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
