import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { ModelsPage } from '@/features/models/components/models-page';
import type { Card } from '@/lib/api-client';
import { cardOf } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { MODELS, server } from '@/testing/server';

const share = { value: 0.9, low: 0.8, high: 0.95 };
const measured = { precision: share, recall: share, f1: share, pictures: 10 };
const bare = cardOf('vgg16', 'VGG16', 0.9);
const best = cardOf('efficientnet', 'EfficientNet-B0', 0.97);
const full: Card = {
  ...best,
  network: { bytes: 8_776_701, parameters: 4_378_791 },
  use: { limits: 'Small objects.' },
  training: {
    head: [{ accuracy: 0.8, val_accuracy: 0.82 }],
    fine_tuning: [{ accuracy: 0.9, val_accuracy: 0.91 }],
  },
  metrics: {
    test: {
      ...best.metrics.test,
      macro_f1: share,
      accuracy: share,
      pictures: 40,
      objects: 20,
      per_class: { galaxy: measured, nebula: measured },
      confusion: [
        [9, 1, 0, 0],
        [0, 10, 0, 0],
        [0, 7, 3, 0],
        [0, 0, 0, 10],
      ],
      reliability: [{ confidence: 0.75, ...share, pictures: 8 }],
    },
  },
};

const show = (cards: Card[], path = '/models') => {
  server.use(
    http.get(MODELS, () => HttpResponse.json(cards)),
    http.get('*/api/v1/feedback/summary', () =>
      HttpResponse.json({
        models: [
          {
            model: 'efficientnet',
            model_version: '1.0.0',
            correct: 3,
            incorrect: 1,
            agreement: { value: 0.75, low: 0.3, high: 0.95 },
            classes: [],
          },
        ],
      }),
    ),
  );
  renderInApp(<ModelsPage />, path);
};

const row = async (name: RegExp) => within(await screen.findByRole('row', { name }));

it('compares the models: measured, said by people, size', async () => {
  show([full, bare]);
  const measuredRow = await row(/EfficientNet-B0 Version/);
  expect(measuredRow.getAllByText(/90\.0% \(80\.0% to 95\.0%\)/)).toHaveLength(2);
  expect(await measuredRow.findByText(/75\.0% \(30\.0% to 95\.0%\)/)).toBeVisible();
  expect(measuredRow.getByText('3 of 4 answers')).toBeVisible();
  expect(measuredRow.getByText('8.8 MB, 4.4 million parameters')).toBeVisible();
  const bareRow = await row(/VGG16 Version/);
  expect(bareRow.getByText('nobody has said yet')).toBeVisible();
  expect(bareRow.getByText('not known')).toBeVisible();
});

it('shows what a model takes for what, class by class, and how it learned', async () => {
  show([full]);
  const truth = await row(/^Star cluster 0 7 3 0$/);
  expect(truth.getByTitle('Star cluster, answered: Nebula. 70.0% of the row')).toHaveTextContent(
    '7',
  );
  expect(screen.getByRole('img', { name: /how sure it was/ })).toHaveTextContent(
    '75.0% sure, 90.0% right, of 8 pictures',
  );
  expect(screen.getByRole('img', { name: /after each pass/ })).toBeVisible();
  expect((await row(/^Nebula 90\.0%/)).getAllByText('80.0% to 95.0%')).toHaveLength(3);
});

it('shows another model on demand, with no more than its card holds', async () => {
  show([full, bare]);
  await userEvent.selectOptions(await screen.findByLabelText('Model to look at'), 'VGG16');
  expect(await screen.findByRole('heading', { name: 'VGG16 in full' })).toBeVisible();
  expect(screen.queryByRole('img')).not.toBeInTheDocument();
});

it('names what an ensemble asks', async () => {
  show(
    [full, { ...bare, name: 'ensemble', title: 'Ensemble', members: [{ name: 'efficientnet' }] }],
    '/models?model=ensemble',
  );
  expect(await screen.findByText(/This model asks EfficientNet-B0/)).toBeVisible();
});
