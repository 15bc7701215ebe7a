import { expect, test } from '@playwright/test';

import type { Card, ModelSummary } from '@/lib/api-client';

import { tabTo, violations } from './access';
import { classify } from './answers';

test('the figures are those of the cards, in either theme', async ({ page, request }) => {
  const models = (await (await request.get('/api/v1/models')).json()) as ModelSummary[];
  await page.goto('/#/models');
  for (const { title, metrics } of models) {
    const row = page.getByRole('row', { name: new RegExp(`^${title} Version`) });
    await expect(row).toContainText(`${((metrics.test?.accuracy.value ?? NaN) * 100).toFixed(1)}%`);
  }
  await expect(page.getByRole('img', { name: /how sure it was/ })).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page)).toEqual([]);
  }
  const excess = await page.evaluate(() => document.body.scrollWidth - window.innerWidth);
  expect(excess).toBeLessThanOrEqual(0);
});

test('a figure of the confusion matrix says what it means, by mouse and by keyboard', async ({
  page,
  request,
}) => {
  const card = (await (await request.get('/api/v1/models/efficientnet')).json()) as Card;
  const [row = []] = card.metrics.test?.confusion ?? [];
  const galaxies = row.reduce((sum, one) => sum + one, 0);
  await page.goto('/#/models?model=efficientnet');
  await page.getByRole('button', { name: /^Galaxy, answered: Galaxy/ }).click();
  await expect(
    page.getByText(`${row[0] ?? ''} of ${galaxies} images of galaxies`),
  ).toContainText('were recognised. With 95% certainty');
  await tabTo(page, /^Galaxy, answered: Nebula/);
  await page.keyboard.press('Enter');
  await expect(
    page.getByText(`${row[1] ?? ''} of ${galaxies} images of galaxies`),
  ).toContainText('were taken for nebulae.');
  expect(await violations(page)).toEqual([]);
});

test('all models are shown beside each other', async ({ page, request }) => {
  const models = (await (await request.get('/api/v1/models')).json()) as ModelSummary[];
  test.skip(models.length < 2, 'There is nothing to compare.');
  await page.goto('/#/models');
  await page.getByLabel('Model to look at').selectOption('All, side by side');
  await expect(page.getByRole('img', { name: /how sure it was/ })).toHaveCount(models.length);
  expect(await violations(page)).toEqual([]);
  const excess = await page.evaluate(() => document.body.scrollWidth - window.innerWidth);
  expect(excess).toBeLessThanOrEqual(0);
});

test('how fast a model is here is told once it has answered', async ({ page }) => {
  await classify(page, ['m-90']);
  await page.goto('/#/models');
  const row = page.getByRole('row', { name: /^EfficientNet-B0 Version/ });
  await expect(row).toContainText(/ms an image/);
  await expect(row).toContainText(/median of [\d,]+ measured/);
});
