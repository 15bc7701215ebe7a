import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { ModelsPage } from '@/features/models/components/models-page';
import type { Card, ModelSummary } from '@/lib/api-client';
import { cardOf, metricsWith, modelOf } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { CARD, MODELS, problem, server, SPEED } from '@/testing/server';

const share = { value: 0.9, low: 0.8, high: 0.95 };
const measured = { precision: share, recall: share, f1: share, images: 10 };
const best = modelOf('efficientnet', 'EfficientNet-B0', 0.97);
const other = modelOf('vgg16', 'VGG16', 0.9);
const full: Card = {
  ...cardOf(best),
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
    test: metricsWith({
      macro_f1: share,
      accuracy: share,
      images: 40,
      fields: 20,
      per_class: { galaxy: measured, nebula: measured },
      confusion: [
        [9, 1, 0, 0],
        [0, 10, 0, 0],
        [0, 7, 3, 0],
        [0, 0, 0, 10],
      ],
      reliability: [{ confidence: 0.75, ...share, images: 8, count: 7 }],
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

const timed = (model: string, infer_ms: number, model_sha256 = best.network.sha256) => ({
  model,
  model_version: '1.0.0',
  model_sha256,
  answers: 12,
  decode_ms: 30.5,
  infer_ms,
});

const row = async (name: RegExp) => within(await screen.findByRole('row', { name }));

it('compares the models: measured, said by people, time, size', async () => {
  server.use(
    http.get(SPEED, () =>
      HttpResponse.json({
        models: [timed('efficientnet', 7.25), timed('vgg16', 99, 'f'.repeat(64))],
      }),
    ),
  );
  show([best, other], [full]);
  const measuredRow = await row(/EfficientNet-B0 Version/);
  expect(measuredRow.getByText(/97\.0% \(95\.0% to 99\.0%\)/)).toBeVisible();
  expect(measuredRow.getByText(/95\.1% \(93\.1% to 97\.1%\)/)).toBeVisible();
  expect(await measuredRow.findByText(/75\.0% \(30\.0% to 95\.0%\)/)).toBeVisible();
  expect(measuredRow.getByText('3 of 4 answers')).toBeVisible();
  expect(await measuredRow.findByText('7.25 ms an image')).toBeVisible();
  expect(measuredRow.getByText(/median of 12 measured; reading an image: 30\.5 ms/)).toBeVisible();
  expect(measuredRow.getByText('8.8 MB, 4.4 million parameters')).toBeVisible();
  const otherRow = await row(/VGG16 Version/);
  expect(otherRow.getByText('nobody has said yet')).toBeVisible();
  expect(otherRow.getByText('not measured yet')).toBeVisible();
});

it('says which did best, and how far that may be chance', async () => {
  server.use(
    http.get(SPEED, () =>
      HttpResponse.json({ models: [timed('efficientnet', 20), timed('vgg16', 9)] }),
    ),
  );
  const near = modelOf('resnet50', 'ResNet50', 0.96);
  show([best, other, near], [full]);
  const words = await screen.findByText(/EfficientNet-B0 did best/);
  expect(words).toHaveTextContent(/The range of ResNet50 overlaps/);
  expect(words).toHaveTextContent(/VGG16 is further behind than chance explains/);
  expect(await screen.findByText(/VGG16 answers fastest here/)).toBeVisible();
});

it('shows what a model takes for what, class by class, and how it learned', async () => {
  show([best], [full]);
  expect(await screen.findByRole('img', { name: /how sure it was/ })).toHaveTextContent(
    '75.0% sure, 90.0% right, of 8 images',
  );
  expect(screen.getByRole('img', { name: /after each pass/ })).toBeVisible();
  expect((await row(/^Nebula 90\.0%/)).getAllByText('80.0% to 95.0%')).toHaveLength(3);
  expect(screen.getByText('Small objects.')).toHaveAttribute('lang', 'en');
});

it('says in words what a figure of the confusion matrix means, with the keyboard too', async () => {
  show([best], [full]);
  const wrong = await screen.findByRole('button', { name: 'Star cluster, answered: Nebula: 7' });
  const said = screen.getByText('Choose a figure to read what it says.');
  wrong.focus();
  await userEvent.keyboard('{Enter}');
  expect(wrong).toHaveAttribute('aria-pressed', 'true');
  expect(said).toHaveTextContent('7 of 10 images of star clusters, 70.0%, were taken for nebulae.');
  await userEvent.click(screen.getByRole('button', { name: 'Galaxy, answered: Galaxy: 9' }));
  expect(wrong).toHaveAttribute('aria-pressed', 'false');
  expect(said).toHaveTextContent(
    '9 of 10 images of galaxies, 90.0%, were recognised. With 95% certainty the true share lies between 80.0% and 95.0%.',
  );
});

it('shows another model on demand, with no more than its card holds', async () => {
  show([best, other], [full, cardOf(other)]);
  await userEvent.selectOptions(await screen.findByLabelText('Model to look at'), 'VGG16');
  expect(await screen.findByRole('heading', { name: 'VGG16 in full' })).toBeVisible();
  expect(screen.queryByRole('img')).not.toBeInTheDocument();
});

it('shows all models beside each other on demand', async () => {
  show([best, other], [full, { ...full, name: 'vgg16', title: 'VGG16' }]);
  await userEvent.selectOptions(
    await screen.findByLabelText('Model to look at'),
    'All, side by side',
  );
  expect(await screen.findAllByRole('img', { name: /how sure it was/ })).toHaveLength(2);
  for (const name of ['EfficientNet-B0', 'VGG16']) {
    expect(screen.getAllByRole('group', { name })).toHaveLength(4);
  }
});

it('says so where a card cannot be had, and asks again', async () => {
  show([best], [full]);
  server.use(
    http.get(CARD, () => problem(500, 'unexpected', 'The card is damaged.'), { once: true }),
  );
  expect(await screen.findByText('The card is damaged.')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('img', { name: /how sure it was/ })).toBeVisible();
});

it('names what an ensemble asks', async () => {
  const members = [{ name: 'efficientnet', sha256: 'f00d', scale: 1 }];
  const ensemble = { ...modelOf('ensemble', 'Ensemble', 0.98), members };
  show([best, ensemble], [full, cardOf(ensemble)], '/models?model=ensemble');
  expect(await screen.findByText(/This model asks EfficientNet-B0/)).toBeVisible();
});
