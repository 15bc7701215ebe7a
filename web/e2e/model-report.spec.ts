import { expect, test } from '@playwright/test';

import type { Card, ModelSummary } from '@/lib/api-client';

import { findViolations, tabTo } from './accessibility';
import { classifySamples } from './classify-samples';

test('the figures match the model cards, in both themes', async ({ page, request }) => {
  const models = (await (await request.get('/api/v1/models')).json()) as ModelSummary[];
  await page.goto('/models');
  for (const { title, metrics } of models) {
    const row = page.getByRole('row', { name: new RegExp(`^${title} Version`) });
    for (const { macro_f1, images } of [metrics.source_test, metrics.test].flatMap(
      (m) => m ?? [],
    )) {
      await expect(row).toContainText(`${(macro_f1.value * 100).toFixed(1)}%`);
      await expect(row).toContainText(`${images} images`);
    }
  }
  await expect(page.getByRole('img', { name: /Accuracy by confidence/ })).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findViolations(page)).toEqual([]);
  }
  const overflow = await page.evaluate(() => document.body.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('a cell of the confusion matrix is explained when selected by mouse or keyboard', async ({
  page,
  request,
}) => {
  const card = (await (await request.get('/api/v1/models/efficientnet')).json()) as Card;
  const [row = []] = card.metrics.test?.confusion ?? [];
  const galaxies = row.reduce((sum, one) => sum + one, 0);
  await page.goto('/models?model=efficientnet');
  await page.getByRole('button', { name: /^Galaxy classified as Galaxy/ }).click();
  await expect(page.getByText(`${row[0] ?? ''} of ${galaxies} images of galaxies`)).toContainText(
    'were classified correctly. 95% confidence interval',
  );
  await tabTo(page, /^Galaxy classified as Nebula/);
  await page.keyboard.press('Enter');
  await expect(page.getByText(`${row[1] ?? ''} of ${galaxies} images of galaxies`)).toContainText(
    'were classified as “Nebula”.',
  );
  expect(await findViolations(page)).toEqual([]);
});

test('the reports of all models are shown side by side', async ({ page, request }) => {
  const models = (await (await request.get('/api/v1/models')).json()) as ModelSummary[];
  test.skip(models.length < 2, 'Needs two models.');
  await page.goto('/models');
  await page.getByLabel('Show the report for').selectOption('All models');
  await expect(page.getByRole('img', { name: /Accuracy by confidence/ })).toHaveCount(
    models.length,
  );
  expect(await findViolations(page)).toEqual([]);
  const overflow = await page.evaluate(() => document.body.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('the speed of a model is shown after its first classification', async ({ page }) => {
  await classifySamples(page, ['m-90']);
  await page.goto('/models');
  const row = page.getByRole('row', { name: /^EfficientNet-B0 Version/ });
  await expect(row).toContainText(/ms per image/);
  await expect(row).toContainText(/median of [\d,]+ answers/);
});
