import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { ModelsPage } from '@/features/models/components/models-page';
import type { Card, ModelSummary } from '@/lib/api-client';
import { createCard, createMetrics, createModel } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { CARD, MODELS, problem, server, SPEED } from '@/testing/server';

const proportion = { value: 0.9, low: 0.8, high: 0.95 };
const measured = { precision: proportion, recall: proportion, f1: proportion, images: 10 };
const best = createModel('efficientnet', 'EfficientNet-B0', 0.97);
const other = createModel('vgg16', 'VGG16', 0.9);
const full: Card = {
  ...createCard(best),
  training: {
    recipe: {
      seed: 0,
      head_epochs: 1,
      epochs: 1,
      frozen_stages: 0,
      head_learning_rate: 0.001,
      learning_rate: 0.0001,
      batch_size: 32,
      weight_decay: 0.01,
      label_smoothing: 0.05,
      without: [],
    },
    software: {},
    head: [{ epoch: 0, accuracy: 0.8, loss: 0.5, val_accuracy: 0.82, val_loss: 0.5 }],
    fine_tuning: [{ epoch: 0, accuracy: 0.9, loss: 0.3, val_accuracy: 0.91, val_loss: 0.3 }],
  },
  metrics: {
    test: createMetrics({
      macro_f1: proportion,
      accuracy: proportion,
      images: 40,
      fields: 20,
      per_class: { galaxy: measured, nebula: measured },
      confusion: [
        [9, 1, 0, 0],
        [0, 10, 0, 0],
        [0, 7, 3, 0],
        [0, 0, 0, 10],
      ],
      reliability: [{ confidence: 0.75, ...proportion, images: 8, count: 7 }],
    }),
  },
};

const show = (models: ModelSummary[], cards: Card[], path = '/models') => {
  server.use(
    http.get(MODELS, () => HttpResponse.json(models)),
    http.get(CARD, ({ params }) =>
      HttpResponse.json(cards.find(({ name }) => name === params.name)),
    ),
    http.get('*/api/v1/feedback/summary', () =>
      HttpResponse.json({
        models: [
          {
            model: 'efficientnet',
            model_version: '1.0.0',
            model_sha256: best.network.sha256,
            correct: 15,
            incorrect: 5,
            agreement: { value: 0.75, low: 0.53, high: 0.89 },
            classes: [],
          },
        ],
      }),
    ),
  );
  renderInApp(<ModelsPage />, path);
};

const timed = (model: string, infer_ms: number, model_sha256 = best.network.sha256) => ({
  model,
  model_version: '1.0.0',
  model_sha256,
  answers: 12,
  decode_ms: 30.5,
  infer_ms,
});

const row = async (name: RegExp) => within(await screen.findByRole('row', { name }));

it('compares accuracy, speed and size of the models', async () => {
  server.use(
    http.get(SPEED, () =>
      HttpResponse.json({
        models: [timed('efficientnet', 7.25), timed('vgg16', 99, 'f'.repeat(64))],
      }),
    ),
  );
  const source_test = { macro_f1: proportion, accuracy: proportion, images: 271, fields: 43 };
  show([{ ...best, metrics: { ...best.metrics, source_test } }, other], [full]);
  const measuredRow = await row(/EfficientNet-B0 Version/);
  expect(measuredRow.getByText(/97\.0% \(95\.0% to 99\.0%\)/)).toBeVisible();
  expect(measuredRow.getByText(/90\.0% \(80\.0% to 95\.0%\)/)).toBeVisible();
  expect(measuredRow.getByText('271 images')).toBeVisible();
  expect(await measuredRow.findByText('7.25 ms per image')).toBeVisible();
  expect(
    measuredRow.getByText(/median of 12 answers; time to read an image: 30\.5 ms/),
  ).toBeVisible();
  expect(measuredRow.getByText('8.8 MB, 4.4 million parameters')).toBeVisible();
  const otherRow = await row(/VGG16 Version/);
  expect(otherRow.getAllByText('not measured yet')).toHaveLength(2); // new photographers, speed
});

it('shows the agreement of users apart from the accuracy, from 20 blind judgements', async () => {
  show([best, other], [full]);
  const table = within(await screen.findByRole('region', { name: 'Agreement of users' }));
  expect(await table.findByText('75.0% (53.0% to 89.0%)')).toBeVisible();
  expect(table.getByText('20')).toBeVisible();
  expect(table.getByText('too few judgements yet')).toBeVisible();
});

it('shows which model is best and whether the difference may be due to chance', async () => {
  server.use(
    http.get(SPEED, () =>
      HttpResponse.json({ models: [timed('efficientnet', 20), timed('vgg16', 9)] }),
    ),
  );
  const near = createModel('resnet50', 'ResNet50', 0.96);
  show([best, other, near], [full]);
  const text = await screen.findByText(/EfficientNet-B0 has the highest macro-F1/);
  expect(text).toHaveTextContent(/The confidence interval of ResNet50 overlaps/);
  expect(text).toHaveTextContent(/The confidence interval of VGG16 is entirely below/);
  expect(await screen.findByText(/VGG16 is the fastest/)).toBeVisible();
});

it('does not compare a model that was tested on other images', async () => {
  const test = { macro_f1: proportion, accuracy: proportion, images: 29, fields: 24 };
  const mine = { ...createModel('mine', 'mine', 0.99), metrics: { test } };
  show([mine, best, other], [full]);
  const text = await screen.findByText(/EfficientNet-B0 has the highest macro-F1/);
  expect(text).toHaveTextContent(/mine was tested on other images/);
  expect(text).not.toHaveTextContent(/interval of mine/);
});

it('states that only the last layers were trained', async () => {
  const { training } = full;
  if (!training) throw new Error('The card has no training.');
  const recipe = { ...training.recipe, epochs: 0, frozen_stages: 7 };
  show(
    [best],
    [
      {
        ...full,
        training: {
          ...training,
          recipe,
          head: [...training.head, ...training.head],
          fine_tuning: [],
        },
      },
    ],
  );
  expect(await screen.findByText(/^Only the last layers were trained/)).toBeVisible();
  expect(screen.getByText('Training images')).toBeVisible();
});

it('shows calibration, training and results by class', async () => {
  show([best], [full]);
  expect(await screen.findByRole('img', { name: /Accuracy by confidence/ })).toHaveTextContent(
    'confidence 75.0%, accuracy 90.0%, 8 images',
  );
  expect(screen.getByRole('img', { name: /after each epoch/ })).toBeVisible();
  expect((await row(/^Nebula 90\.0%/)).getAllByText('80.0% to 95.0%')).toHaveLength(3);
  expect(screen.getByText('Small objects.')).toHaveAttribute('lang', 'en');
});

it('explains the selected cell of the confusion matrix', async () => {
  show([best], [full]);
  const wrong = await screen.findByRole('button', { name: 'Star cluster classified as Nebula: 7' });
  const status = screen.getByText('Select a cell for details.');
  wrong.focus();
  await userEvent.keyboard('{Enter}');
  expect(wrong).toHaveAttribute('aria-pressed', 'true');
  expect(status).toHaveTextContent(
    '7 of 10 images of star clusters (70.0%) were classified as “Nebula”.',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Galaxy classified as Galaxy: 9' }));
  expect(wrong).toHaveAttribute('aria-pressed', 'false');
  expect(status).toHaveTextContent(
    '9 of 10 images of galaxies (90.0%) were classified correctly. 95% confidence interval: 80.0% to 95.0%.',
  );
});

it('shows the report of another model without the sections that its card lacks', async () => {
  show([best, other], [full, createCard(other)]);
  await userEvent.selectOptions(await screen.findByLabelText('Show the report for'), 'VGG16');
  expect(await screen.findByRole('heading', { name: 'Report: VGG16' })).toBeVisible();
  expect(screen.queryByRole('img')).not.toBeInTheDocument();
});

it('shows the reports of all models side by side', async () => {
  show([best, other], [full, { ...full, name: 'vgg16', title: 'VGG16' }]);
  await userEvent.selectOptions(await screen.findByLabelText('Show the report for'), 'All models');
  expect(await screen.findAllByRole('img', { name: /Accuracy by confidence/ })).toHaveLength(2);
  for (const name of ['EfficientNet-B0', 'VGG16']) {
    expect(screen.getAllByRole('group', { name })).toHaveLength(4);
  }
});

it('reloads a model card on request if loading failed', async () => {
  show([best], [full]);
  server.use(
    http.get(CARD, () => problem(503, 'storage_unavailable', 'The card is damaged.'), {
      once: true,
    }),
  );
  expect(await screen.findByText('The card is damaged.')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('img', { name: /Accuracy by confidence/ })).toBeVisible();
});

it('names the members of an ensemble', async () => {
  const members = [{ name: 'efficientnet', sha256: 'f00d', scale: 1 }];
  const ensemble = { ...createModel('ensemble', 'Ensemble', 0.98), members };
  show([best, ensemble], [full, createCard(ensemble)], '/models?model=ensemble');
  expect(await screen.findByText(/combines EfficientNet-B0/)).toBeVisible();
});
