import { expect, test } from '@playwright/test';

import type { Card } from '@/lib/api-client';

import { violations } from './access';

test('the figures are those of the cards, in either theme', async ({ page, request }) => {
  const cards = (await (await request.get('/api/v1/models')).json()) as Card[];
  await page.goto('/#/models');
  for (const { title, metrics } of cards) {
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
