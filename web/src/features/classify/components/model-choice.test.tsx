import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';

import { ClassifyPage } from '@/features/classify/components/classify-page';
import type { ModelSummary } from '@/lib/api-client';
import { answerWith, modelOf } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, MODELS, problem, server } from '@/testing/server';

const INSTALLED = [
  {
    ...modelOf('ensemble', 'Ensemble', 0.99),
    members: [{ name: 'vgg16', sha256: 'f00d', scale: 0.5 }],
  },
  modelOf('vgg16', 'VGG16', 0.91),
  modelOf('efficientnet', 'EfficientNet-B0', 0.97),
] satisfies ModelSummary[];

let asked: string[];

const answerOf = (model: string) =>
  answerWith({ id: model, model, label: model === 'vgg16' ? 'nebula' : 'galaxy' });

const show = (models: ModelSummary[] = INSTALLED) => {
  server.use(http.get(MODELS, () => HttpResponse.json(models)));
  renderInApp(<ClassifyPage feedback={() => null} />);
};

const sendSample = () => userEvent.click(screen.getByRole('button', { name: /NGC 1433/ }));
const headline = (name: RegExp) => screen.findByRole('heading', { level: 2, name });
const choose = async (name: string) => {
  await userEvent.click(await screen.findByRole('radio', { name }));
};

beforeEach(() => {
  asked = [];
  server.use(
    http.post(CLASSIFICATIONS, async ({ request }) => {
      const model = (await request.formData()).get('model') as string;
      asked.push(model);
      const items = INSTALLED.map(({ name }) => answerOf(name));
      return HttpResponse.json(model === 'all' ? { items } : answerOf(model), { status: 201 });
    }),
  );
});

describe('the choice', () => {
  it('lists the best measured first, and what combines others last', async () => {
    show();
    const choice = await screen.findByRole('radiogroup', { name: 'Who answers' });
    const names = within(choice)
      .getAllByRole('radio')
      .map((one) => (one as HTMLInputElement).value);
    expect(names).toEqual(['efficientnet', 'vgg16', 'ensemble', 'all']);
  });

  it('is none where one model is installed', async () => {
    show([modelOf('efficientnet', 'EfficientNet-B0', 0.97)]);
    expect(await screen.findByText(/Answered by the model EfficientNet-B0/)).toBeVisible();
    expect(screen.queryByRole('radio', { name: 'Compare all' })).not.toBeInTheDocument();
  });

  it('has the same image answered at once, and once', async () => {
    show();
    await sendSample();
    expect(await headline(/A galaxy/)).toBeVisible();
    await choose('VGG16');
    expect(await headline(/A nebula/)).toBeVisible();
    await choose('EfficientNet-B0');
    expect(await headline(/A galaxy/)).toBeVisible();
    expect(asked).toEqual(['efficientnet', 'vgg16']);
  });

  it('is remembered, unless the model is gone', async () => {
    localStorage.setItem('deepsky-model', '"vgg16"');
    show();
    await sendSample();
    expect(await headline(/A nebula/)).toBeVisible();
    expect(asked).toEqual(['vgg16']);
  });

  it('falls back to the usual model where the remembered one is gone', async () => {
    localStorage.setItem('deepsky-model', '"resnet50"');
    show();
    expect(await screen.findByRole('radio', { name: 'EfficientNet-B0' })).toBeChecked();
  });
});

describe('a comparison', () => {
  it('asks once, says where the models differ, and marks who does', async () => {
    show();
    await sendSample();
    await choose('Compare all');
    expect(await screen.findByText(/VGG16 says “Nebula”/)).toBeVisible();
    const cards = within(screen.getByRole('list', { name: 'What each model says' }));
    const titles = cards.getAllByRole('heading').map((one) => one.textContent);
    expect(titles).toEqual(['EfficientNet-B0', 'VGG16', 'Ensemble']);
    expect(cards.getByText('Differs').closest('li')).toHaveTextContent(/VGG16/);
    expect(asked).toEqual(['efficientnet', 'all']);
    await choose('VGG16');
    expect(await headline(/A nebula/)).toBeVisible();
    expect(asked).toHaveLength(2);
  });

  it('names the image as before, so that no model is asked twice about it', async () => {
    const names: (string | null)[] = [];
    server.events.on('request:start', ({ request }) => {
      if (request.method === 'POST') names.push(request.headers.get('Idempotency-Key'));
    });
    show();
    await sendSample();
    await headline(/A galaxy/);
    await choose('Compare all');
    await screen.findByText(/VGG16 says/);
    await sendSample();
    await screen.findByText(/VGG16 says/);
    expect(names).toHaveLength(3);
    expect(names[0]).toMatch(/^[!-~]{16,64}$/);
    expect(names[1]).toBe(names[0]);
    expect(names[2]).not.toBe(names[0]);
    server.events.removeAllListeners();
  });

  it('shows the answer and the evidence of the model that is picked, and leads there', async () => {
    show();
    await choose('Compare all');
    await sendSample();
    await userEvent.click(await screen.findByRole('button', { name: /answer of VGG16/ }));
    expect(await headline(/A nebula/)).toBeVisible();
    expect(screen.getByAltText(/speaks for/)).toHaveAttribute(
      'src',
      '/api/v1/classifications/vgg16/evidence/nebula.png',
    );
    expect(screen.getByRole('region', { name: 'Answer' })).toHaveFocus();
  });

  it('tells why where the image cannot be read', async () => {
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

it('answers with the usual model where the list of models does not come', async () => {
  server.use(http.get(MODELS, () => problem(500, 'model_corrupt', 'A card is damaged.')));
  renderInApp(<ClassifyPage feedback={() => null} />);
  await sendSample();
  expect(await headline(/A galaxy/)).toBeVisible();
  expect(asked).toEqual(['efficientnet']);
});
