import { expect, type Page, test } from '@playwright/test';

import type { ModelSummary } from '@/lib/api-client';

import { violations } from './access';
import { ClassifyPage, expectLoaded } from './classify-page';

const BEST_FIRST = ['efficientnet', 'resnet50', 'vgg16', 'ensemble'];

let at: ClassifyPage;
let models: ModelSummary[];

test.beforeEach(async ({ page, request }) => {
  models = (await (await request.get('/api/v1/models')).json()) as ModelSummary[];
  test.skip(models.length < 2, 'There is nothing to choose from.');
  at = new ClassifyPage(page);
  await at.open();
});

const titleOf = (name: string): string => models.find((model) => model.name === name)?.title ?? name;

const chooseModel = async (page: Page, title: string): Promise<void> => {
  await expect(page.getByRole('link', { name: 'Which one is best?' })).toBeVisible();
  const select = page.getByRole('combobox', { name: 'Who answers' });
  if (await select.isVisible()) await select.selectOption({ label: title });
  else await page.getByRole('radiogroup', { name: 'Who answers' }).getByText(title).click();
};

/** Counts the images that the page sends from now on. */
const countSent = (page: Page) => {
  const sent = { count: 0 };
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.count++;
  });
  return sent;
};

test('another model answers about the same image at once, and is asked but once', async ({
  page,
}) => {
  const [first, second] = BEST_FIRST.filter((name) => models.some((model) => model.name === name));
  const sent = countSent(page);
  await at.sample(/NGC 362/).click();
  await expect(at.bars).toHaveCount(4);
  const answer = at.nextAnswer();
  await chooseModel(page, titleOf(second ?? ''));
  expect((await answer).model).toBe(second);
  await expect(at.bars).toHaveCount(4);
  await chooseModel(page, titleOf(first ?? ''));
  await expect(at.bars).toHaveCount(4);
  await chooseModel(page, titleOf(second ?? ''));
  await expect(at.bars).toHaveCount(4);
  expect(sent.count).toBe(2);
  await page.reload();
  const remembered = at.nextAnswer();
  await at.sample(/NGC 362/).click();
  expect((await remembered).model).toBe(second);
});

test('all models are compared on the same image, and either is shown in full', async ({
  page,
}) => {
  const sent = countSent(page);
  await chooseModel(page, 'Compare all');
  await at.sample(/NGC 3199/).click();
  const compared = page.getByRole('list', { name: 'What each model says' });
  await expect(compared.getByRole('heading')).toHaveCount(models.length);
  await expect(compared.getByRole('meter')).toHaveCount(4 * models.length);
  await expect(at.result.getByRole('status').first()).toContainText(
    /All \d+ models say|The models differ/,
  );
  await expectLoaded(at.overlay);
  const earlier = await at.overlay.getAttribute('src');
  await compared.getByRole('button', { pressed: false }).last().click();
  await expect(at.overlay).not.toHaveAttribute('src', earlier ?? '');
  await expectLoaded(at.overlay);
  expect(await violations(page)).toEqual([]);
  await chooseModel(page, titleOf('efficientnet'));
  await expect(compared).toHaveCount(0);
  await expect(at.bars).toHaveCount(4);
  expect(sent.count).toBe(1);
});
