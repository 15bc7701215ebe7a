import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { DataPage } from '@/features/learn/components/data-page';
import { FiguresPage } from '@/features/learn/components/figures-page';
import { NetworksPage } from '@/features/learn/components/networks-page';
import type { Card } from '@/lib/api-client';
import { createCard, createMetrics, model } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { CARD, problem, server } from '@/testing/server';

const proportion = (value: number, images = 100) => ({
  value,
  images,
  count: Math.round(value * images),
  low: 0,
  high: 1,
});

const card: Card = {
  ...createCard(model),
  use: { intended: 'Images of the sky.', limits: 'Small objects in wide frames.' },
  data: {
    splits: {
      train: { images: 3253, fields: 1783, labels: { galaxy: 1024, nebula: 1003 } },
    },
    sources: [{ source: 'Messier', licence: 'CC BY 4.0', images: 110 }],
  },
  metrics: {
    test: createMetrics({
      accuracy: { value: 0.974, low: 0.952, high: 0.989 },
      expected_calibration_error: 0.0164,
      by_kind: {
        'star_cluster: open': proportion(0.957, 23),
        'other: space_art': proportion(0.941, 17),
        'other: comet': proportion(0.5, 2),
        'galaxy: spiral': proportion(1, 102),
      },
    }),
  },
};

describe('with a model card', () => {
  beforeEach(() => {
    server.use(http.get(CARD, () => HttpResponse.json(card)));
  });

  it('shows examples for the measured figures only', async () => {
    renderInApp(<FiguresPage />);
    expect(await screen.findByText(/^97\.4% of 643 test images from 347 fields/)).toBeVisible();
    expect(screen.getByText(/deviate by 1\.6 percentage points/)).toBeVisible();
    expect(screen.queryByText(/^Star cluster: precision/)).not.toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Precision and recall' })).toBeVisible();
  });

  it('shows the number of images and the kinds with the lowest accuracy', async () => {
    renderInApp(<DataPage />);
    const counts = await screen.findByRole('region', { name: 'Number of images' });
    expect(counts).toHaveTextContent(/Training images1,0241,003003,2531,783/);
    const hardest = within(screen.getByRole('region', { name: 'The hardest kinds of images' }));
    expect(hardest.getAllByRole('row').map(({ textContent }) => textContent)).toEqual([
      'KindAccuracyImages',
      'Not a deep-sky object: space art94.1%17',
      'Star cluster: open95.7%23',
    ]);
    expect(screen.getByText('Small objects in wide frames.')).toHaveAttribute('lang', 'en');
    expect(screen.getByText(/from 1 public collections/)).toBeVisible();
  });

  it('scrolls to the linked section once it is rendered', async () => {
    const scroll = vi.spyOn(Element.prototype, 'scrollIntoView').mockClear();
    renderInApp(<DataPage />, '/learn/data#limits');
    const limits = await screen.findByRole('heading', { name: 'Known limitations' });
    expect(scroll.mock.contexts).toEqual([limits]);
  });

  it('classifies a sample and shows the evidence', async () => {
    renderInApp(<NetworksPage />);
    expect(await screen.findByText(/about 320 pixels on each side/)).toBeVisible();
    await userEvent.click(await screen.findByRole('button', { name: 'Classify the sample' }));
    expect(await screen.findByAltText('Evidence for: Galaxy')).toHaveAttribute(
      'src',
      '/api/v1/classifications/a1/evidence/galaxy.svg',
    );
  });
});

it('omits figures that are missing from the model card', async () => {
  renderInApp(<NetworksPage />);
  expect(await screen.findByText(/^The image is scaled down/)).toBeVisible();
});

it('reloads the model card on request if loading failed', async () => {
  server.use(http.get(CARD, () => problem(503, 'overloaded', 'Too busy.'), { once: true }));
  renderInApp(<FiguresPage />);
  expect(await screen.findByText('Too busy.')).toBeVisible();
  server.use(http.get(CARD, () => HttpResponse.json(card)));
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('The examples are for EfficientNet-B0.')).toBeVisible();
});
