import { expect, type Page, test } from '@playwright/test';

import type { ModelSummary } from '@/lib/api-client';

import { findViolations } from './accessibility';
import { ClassifyPage, expectLoaded } from './classify-page';

const BEST_FIRST = ['efficientnet', 'resnet50', 'vgg16', 'ensemble'];

let classifyPage: ClassifyPage;
let models: ModelSummary[];

test.beforeEach(async ({ page, request }) => {
  models = (await (await request.get('/api/v1/models')).json()) as ModelSummary[];
  test.skip(models.length < 2, 'Needs two models.');
  classifyPage = new ClassifyPage(page);
  await classifyPage.open();
});

const titleOf = (name: string): string =>
  models.find((model) => model.name === name)?.title ?? name;

const chooseModel = async (page: Page, title: string): Promise<void> => {
  const select = page.getByRole('combobox', { name: 'Model' });
  const choice = select.or(page.getByRole('radiogroup', { name: 'Model' }));
  await expect(choice.filter({ visible: true })).toBeVisible();
  if (await select.isVisible()) await select.selectOption({ label: title });
  else await page.getByRole('radiogroup', { name: 'Model' }).getByText(title).click();
};

/** Returns a counter of the images that the page uploads; read the `count` property. */
const countSent = (page: Page) => {
  const sent = { count: 0 };
  page.on('request', (request) => {
    const isUpload = new URL(request.url()).pathname.endsWith('/classifications');
    if (isUpload && request.method() === 'POST') sent.count++;
  });
  return sent;
};

test('choosing another model classifies the image again, once per model', async ({ page }) => {
  const [first, second] = BEST_FIRST.filter((name) => models.some((model) => model.name === name));
  const sent = countSent(page);
  await classifyPage.sample('ngc-362').click();
  await expect(classifyPage.bars).toHaveCount(4);
  const answer = classifyPage.nextAnswer();
  await chooseModel(page, titleOf(second ?? ''));
  expect((await answer).model).toBe(second);
  await expect(classifyPage.bars).toHaveCount(4);
  await chooseModel(page, titleOf(first ?? ''));
  await expect(classifyPage.bars).toHaveCount(4);
  await chooseModel(page, titleOf(second ?? ''));
  await expect(classifyPage.bars).toHaveCount(4);
  expect(sent.count).toBe(2);
  await classifyPage.open();
  const remembered = classifyPage.nextAnswer();
  await classifyPage.sample('ngc-362').click();
  expect((await remembered).model).toBe(second);
});

test('all models are compared, and any answer can be shown in full', async ({ page }) => {
  const sent = countSent(page);
  await chooseModel(page, 'Compare all');
  await classifyPage.sample('ngc-3199').click();
  const compared = page.getByRole('list', { name: 'Answers from all models' });
  await expect(compared.getByRole('heading')).toHaveCount(models.length);
  await expect(compared.getByRole('meter')).toHaveCount(4 * models.length);
  await expect(classifyPage.result.getByRole('status').first()).toContainText(
    /All \d+ models agree|The models differ/,
  );
  await classifyPage.askWhy();
  const earlier = await classifyPage.overlay.getAttribute('src');
  await compared.getByRole('button', { pressed: false }).last().click();
  await expect(classifyPage.overlay).not.toHaveAttribute('src', earlier ?? '');
  await expectLoaded(classifyPage.overlay);
  expect(await findViolations(page)).toEqual([]);
  await chooseModel(page, titleOf('efficientnet'));
  await expect(compared).toHaveCount(0);
  await expect(classifyPage.bars).toHaveCount(4);
  expect(sent.count).toBe(1);
});
