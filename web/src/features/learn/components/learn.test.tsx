import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { DataPage } from '@/features/learn/components/data-page';
import { FiguresPage } from '@/features/learn/components/figures-page';
import { NetworksPage } from '@/features/learn/components/networks-page';
import type { Card } from '@/lib/api-client';
import { cardOf, metricsWith, model } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { CARD, problem, server } from '@/testing/server';

const share = (value: number, images = 100) => ({
  value,
  images,
  count: Math.round(value * images),
  low: 0,
  high: 1,
});

const card: Card = {
  ...cardOf(model),
  use: { intended: 'Images of the sky.', limits: 'Small objects in wide frames.' },
  data: {
    splits: {
      train: { images: 3253, fields: 1783, labels: { galaxy: 1024, nebula: 1003 } },
    },
    sources: [{ source: 'Messier', licence: 'CC BY 4.0', images: 110 }],
  },
  metrics: {
    test: metricsWith({
      accuracy: { value: 0.974, low: 0.952, high: 0.989 },
      expected_calibration_error: 0.0164,
      by_kind: {
        'star_cluster: open': share(0.957, 23),
        'other: space_art': share(0.941, 17),
        'other: comet': share(0.5, 2),
        'galaxy: spiral': share(1, 102),
      },
    }),
  },
};

describe('with a card', () => {
  beforeEach(() => {
    server.use(http.get(CARD, () => HttpResponse.json(card)));
  });

  it('explains figures with those that were measured, and leaves out what was not', async () => {
    renderInApp(<FiguresPage />);
    expect(await screen.findByText(/^97\.4% of 643 test images of 347 fields/)).toBeVisible();
    expect(screen.getByText(/off by 1\.6 percentage points/)).toBeVisible();
    expect(screen.queryByText(/^Star cluster: precision/)).not.toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Precision and recall' })).toBeVisible();
  });

  it('tells what the data are, and which kinds are hardest', async () => {
    renderInApp(<DataPage />);
    const counts = await screen.findByRole('region', { name: 'How many images' });
    expect(counts).toHaveTextContent(/To learn from1,0241,003003,2531,783/);
    const hardest = within(screen.getByRole('region', { name: 'What is hardest' }));
    expect(hardest.getAllByRole('row').map(({ textContent }) => textContent)).toEqual([
      'KindRightImages',
      'other: space art94.1%17',
      'star cluster: open95.7%23',
    ]);
    expect(screen.getByText('Small objects in wide frames.')).toHaveAttribute('lang', 'en');
    expect(screen.getByText(/^From 1 public collections/)).toBeVisible();
  });

  it('brings what a link leads to into view, though it comes later than its page', async () => {
    const scroll = vi.spyOn(Element.prototype, 'scrollIntoView').mockClear();
    renderInApp(<DataPage />, '/learn/data#limits');
    const limits = await screen.findByRole('heading', { name: 'Where it fails' });
    expect(scroll.mock.contexts).toEqual([limits]);
  });

  it('has a network look at a sample, and shows where it looked', async () => {
    renderInApp(<NetworksPage />);
    expect(await screen.findByText(/scaled to about 320 pixels/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Ask the network' }));
    expect(await screen.findByAltText('Where the image speaks for: Galaxy')).toHaveAttribute(
      'src',
      '/api/v1/classifications/a1/evidence/galaxy.png',
    );
  });
});

it('explains all the same where a card tells nothing', async () => {
  renderInApp(<NetworksPage />);
  expect(await screen.findByText(/^The image is scaled down/)).toBeVisible();
});

it('can be tried again where there is no card', async () => {
  server.use(http.get(CARD, () => problem(503, 'overloaded', 'Too busy.'), { once: true }));
  renderInApp(<FiguresPage />);
  expect(await screen.findByText('Too busy.')).toBeVisible();
  server.use(http.get(CARD, () => HttpResponse.json(card)));
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('The examples are those of EfficientNet-B0.')).toBeVisible();
});
