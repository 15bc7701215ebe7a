import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { AnswerPage } from '@/features/history/components/answer-page';
import { HistoryPage } from '@/features/history/components/history-page';
import type { Classification } from '@/lib/api-client';
import { answerWith, feedbackWith } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, problem, server } from '@/testing/server';

let asked: URLSearchParams[];

const pages = (...answers: Classification[][]) => {
  server.use(
    http.get(CLASSIFICATIONS, ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const page = Number(query.get('cursor') ?? 0);
      const next = page + 1 < answers.length ? String(page + 1) : null;
      return HttpResponse.json({ items: answers[page] ?? [], next_cursor: next });
    }),
  );
};

const one = answerWith({ id: 'a1', path: 'one.jpg' });
const two = answerWith({
  id: 'a2',
  path: 'two.jpg',
  verdict: 'unsure',
  feedback: feedbackWith({ verdict: 'incorrect', label: 'nebula' }),
});

const tiles = async () => {
  await screen.findByRole('status');
  return within(screen.getByRole('list', { name: 'Your answers' })).queryAllByRole('link');
};

const textOf = (blob = new Blob()): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.readAsText(blob);
  });

beforeEach(() => {
  asked = [];
});

describe('the list', () => {
  it('shows each answer with what was said of it, and leads to it', async () => {
    pages([one, two]);
    renderInApp(<HistoryPage />);
    const [first, second] = await tiles();
    expect(first).toHaveTextContent(/Galaxy.*Confident.*Not judged yet.*one\.jpg/);
    expect(first).toHaveAttribute('href', '/history/a1');
    expect(second).toHaveTextContent(/Unsure.*You said: a nebula/);
  });

  it('shows more on demand, from where the server says', async () => {
    pages([one], [two]);
    renderInApp(<HistoryPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('two.jpg')).toBeVisible();
    expect(screen.getByText('one.jpg')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Show more' })).not.toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('2 answers');
    expect(screen.getByRole('link', { name: /two\.jpg/ })).toHaveFocus();
  });

  it('is as long as before once one of its answers is deleted', async () => {
    const three = answerWith({ id: 'a3', path: 'three.jpg' });
    pages([one], [two, three]);
    server.use(
      http.get('*/api/v1/classifications/a2', () => HttpResponse.json(two)),
      http.delete('*/api/v1/classifications/a2', () => new HttpResponse(null, { status: 204 })),
    );
    renderInApp(
      <Routes>
        <Route path="/history" element={<HistoryPage />} />
        <Route path="/history/:id" element={<AnswerPage id="a2" feedback={() => null} />} />
      </Routes>,
      '/history',
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    await userEvent.click(await screen.findByRole('link', { name: /two\.jpg/ }));
    await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
    pages([one], [three]);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete for good' }));
    expect(await screen.findByRole('link', { name: /three\.jpg/ })).toBeVisible();
    expect(screen.queryByRole('link', { name: /two\.jpg/ })).not.toBeInTheDocument();
  });

  it('says what to do where there is nothing yet', async () => {
    pages([]);
    renderInApp(<HistoryPage />);
    expect(await screen.findByText(/nothing here yet/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Classify an image' })).toHaveAttribute('href', '/');
  });

  it('can be tried again where the server does not answer', async () => {
    server.use(
      http.get(CLASSIFICATIONS, () => problem(503, 'storage_unavailable', 'The disk is away.'), {
        once: true,
      }),
    );
    renderInApp(<HistoryPage />);
    expect(await screen.findByText('The disk is away.')).toBeVisible();
    pages([one]);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('one.jpg')).toBeVisible();
  });
});

describe('the filter', () => {
  it('asks the server for what is chosen, and again for all', async () => {
    pages([one]);
    renderInApp(<HistoryPage />);
    await tiles();
    await userEvent.selectOptions(screen.getByLabelText('Certainty'), 'Unsure');
    await userEvent.selectOptions(screen.getByLabelText('Order'), 'Most doubtful first');
    await waitFor(() => {
      expect(asked.at(-1)?.toString()).toMatch(/sort=most_uncertain&verdict=unsure/);
    });
    await userEvent.selectOptions(screen.getByLabelText('Certainty'), 'All');
    await waitFor(() => {
      expect(asked.at(-1)?.has('verdict')).toBe(false);
    });
  });

  it('is read from the address, without what is misspelt', async () => {
    pages([]);
    renderInApp(<HistoryPage />, '/history?label=nebula&verdict=certain&model=gone');
    expect(await screen.findByText(/None of your answers is like that/)).toBeVisible();
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      label: 'nebula',
      model: 'gone',
      limit: '24',
    });
  });
});

describe('the download', () => {
  it.each([
    ['CSV', 'deepsky.csv', /^id,.*\r\na1,.*\r\na2,/],
    ['JSON', 'deepsky.json', /"id": "a1"[^]*"id": "a2"/],
  ])('as %s holds all pages that the filter lets pass', async (format, name, content) => {
    pages([one], [two]);
    const saved: { name: string; blob: Blob }[] = [];
    const keep = vi.spyOn(URL, 'createObjectURL');
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      saved.push({ name: this.download, blob: keep.mock.lastCall?.[0] as Blob });
    });
    renderInApp(<HistoryPage />, '/history?label=galaxy');
    await userEvent.click(await screen.findByRole('button', { name: `Save as ${format}` }));
    await waitFor(() => {
      expect(saved).toHaveLength(1);
    });
    expect(saved[0]?.name).toBe(name);
    expect(await textOf(saved[0]?.blob)).toMatch(content);
    expect(asked.at(-1)?.get('label')).toBe('galaxy');
  });
});
