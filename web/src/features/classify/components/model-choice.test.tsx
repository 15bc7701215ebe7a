import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';

import { ClassifyPage } from '@/features/classify/components/classify-page';
import type { ModelSummary } from '@/lib/api-client';
import { createAnswer, createModel } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, MODELS, problem, server } from '@/testing/server';

const INSTALLED = [
  {
    ...createModel('ensemble', 'Ensemble', 0.99),
    members: [{ name: 'vgg16', sha256: 'f00d', scale: 0.5 }],
  },
  createModel('vgg16', 'VGG16', 0.91),
  createModel('efficientnet', 'EfficientNet-B0', 0.97),
] satisfies ModelSummary[];

let requested: string[];

const answerOf = (model: string) =>
  createAnswer({ id: model, model, label: model === 'vgg16' ? 'nebula' : 'galaxy' });

const show = (models: ModelSummary[] = INSTALLED) => {
  server.use(http.get(MODELS, () => HttpResponse.json(models)));
  renderInApp(<ClassifyPage feedback={() => null} />);
};

const sendSample = async () =>
  userEvent.click(await screen.findByRole('button', { name: 'Sample image 1' }));
const headline = (name: RegExp) => screen.findByRole('heading', { level: 2, name });
const choose = async (name: string) => {
  await userEvent.click(await screen.findByRole('radio', { name }));
};

beforeEach(() => {
  requested = [];
  server.use(
    http.post(CLASSIFICATIONS, async ({ request }) => {
      const model = (await request.formData()).get('model') as string;
      requested.push(model);
      const items = INSTALLED.map(({ name }) => answerOf(name));
      return HttpResponse.json(model === 'all' ? { items } : answerOf(model), { status: 201 });
    }),
  );
});

describe('the model choice', () => {
  it('lists the best model first and ensembles last', async () => {
    show();
    const choice = await screen.findByRole('radiogroup', { name: 'Model' });
    const names = within(choice)
      .getAllByRole('radio')
      .map((one) => (one as HTMLInputElement).value);
    expect(names).toEqual(['efficientnet', 'vgg16', 'ensemble', 'all']);
  });

  it('shows a name instead of options if only one model is installed', async () => {
    show([createModel('efficientnet', 'EfficientNet-B0', 0.97)]);
    expect(await screen.findByText('Model: EfficientNet-B0')).toBeVisible();
    expect(screen.queryByRole('radio', { name: 'Compare all' })).not.toBeInTheDocument();
  });

  it('classifies the image again immediately, once per model', async () => {
    show();
    await sendSample();
    expect(await headline(/A galaxy/)).toBeVisible();
    await choose('VGG16');
    expect(await headline(/A nebula/)).toBeVisible();
    await choose('EfficientNet-B0');
    expect(await headline(/A galaxy/)).toBeVisible();
    expect(requested).toEqual(['efficientnet', 'vgg16']);
  });

  it('is restored after a reload', async () => {
    localStorage.setItem('deepsky-model', '"vgg16"');
    show();
    await sendSample();
    expect(await headline(/A nebula/)).toBeVisible();
    expect(requested).toEqual(['vgg16']);
  });

  it('falls back to the default model if the stored one is not installed', async () => {
    localStorage.setItem('deepsky-model', '"resnet50"');
    show();
    expect(await screen.findByRole('radio', { name: 'EfficientNet-B0' })).toBeChecked();
  });
});

describe('a comparison', () => {
  it('sends one request, shows how the models differ, and marks the outlier', async () => {
    show();
    await sendSample();
    await choose('Compare all');
    expect(await screen.findByText(/VGG16: Nebula/)).toBeVisible();
    const cards = within(screen.getByRole('list', { name: 'Answers from all models' }));
    const titles = cards.getAllByRole('heading').map((one) => one.textContent);
    expect(titles).toEqual(['EfficientNet-B0', 'VGG16', 'Ensemble']);
    expect(cards.getByText('Differs').closest('li')).toHaveTextContent(/VGG16/);
    expect(requested).toEqual(['efficientnet', 'all']);
    await choose('VGG16');
    expect(await headline(/A nebula/)).toBeVisible();
    expect(requested).toHaveLength(2);
  });

  it('reuses the idempotency key, so that no model classifies the image twice', async () => {
    const keys: (string | null)[] = [];
    server.events.on('request:start', ({ request }) => {
      if (request.url.endsWith('/classifications'))
        keys.push(request.headers.get('Idempotency-Key'));
    });
    show();
    await sendSample();
    await headline(/A galaxy/);
    await choose('Compare all');
    await screen.findByText(/VGG16: Nebula/);
    await sendSample();
    await screen.findByText(/VGG16: Nebula/);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[!-~]{16,64}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    server.events.removeAllListeners();
  });

  it('shows the selected answer in full, with its evidence and the focus', async () => {
    show();
    await choose('Compare all');
    await sendSample();
    await userEvent.click(await screen.findByRole('button', { name: /: VGG16$/ }));
    expect(await headline(/A nebula/)).toBeVisible();
    expect(screen.getByRole('region', { name: 'Answer' })).toHaveFocus();
    await userEvent.click(screen.getByRole('button', { name: 'Why?' }));
    expect(screen.getByAltText(/Evidence for/)).toHaveAttribute(
      'src',
      '/api/v1/classifications/vgg16/evidence/nebula.svg',
    );
  });

  it('shows the error if the image cannot be read', async () => {
    show();
    const error = { code: 'corrupt_image', message: 'The image is cut off.' };
    server.use(
      http.post(CLASSIFICATIONS, () =>
        HttpResponse.json(
          { items: INSTALLED.map(({ name }) => ({ model: name, error })) },
          { status: 201 },
        ),
      ),
    );
    await choose('Compare all');
    await sendSample();
    expect(await screen.findByText('The image is cut off.')).toBeVisible();
  });
});

it('uses the default model if the list of models cannot be loaded', async () => {
  server.use(http.get(MODELS, () => problem(500, 'model_corrupt', 'A card is damaged.')));
  renderInApp(<ClassifyPage feedback={() => null} />);
  await sendSample();
  expect(await headline(/A galaxy/)).toBeVisible();
  expect(requested).toEqual(['efficientnet']);
});
