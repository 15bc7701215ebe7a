import { expect, type Page, test } from '@playwright/test';

import type { AnswerPage } from '@/lib/api-client';

import { findViolations } from './accessibility';
import { classifySamples } from './classify-samples';
import { ANY_SCREEN } from './screens';
import { createDataFolder, startServer } from './test-server';

const SAMPLES = ['m-90', 'ngc-3199', 'ngc-6229'];

const tiles = (page: Page) => page.getByRole('list', { name: 'History' }).getByRole('link');

const storedNames = async (page: Page): Promise<string[]> => {
  const reply = await page.request.get('/api/v1/classifications');
  return ((await reply.json()) as AnswerPage).items.map(({ path }) => path);
};

test.beforeEach(async ({ page }) => {
  await classifySamples(page, SAMPLES);
  await page.goto('/history');
  await expect(tiles(page)).toHaveCount(3);
});

test('selected answers are hidden at once, and shown again by Undo', async ({ page }) => {
  await page.getByRole('checkbox', { name: 'Select m-90.jpg' }).check();
  await page.getByRole('checkbox', { name: 'Select ngc-3199.jpg' }).check();
  await expect(page.getByText('2 selected')).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(tiles(page)).toHaveCount(1);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tiles(page)).toHaveCount(3);
  expect(await storedNames(page)).toHaveLength(3);
});

test('answers are selected and deleted with the keyboard, at once if the page is closed', async ({
  page,
}) => {
  await tiles(page).first().focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(tiles(page)).toHaveCount(1);
  await page.goto('about:blank');
  await expect.poll(() => storedNames(page)).toEqual(['m-90.jpg']);
});

test('the table is sorted by its headings and remembered', async ({ page }) => {
  await page.getByText('Table', { exact: true }).click();
  const table = page.getByRole('table', { name: 'History' });
  await expect(table.getByRole('row')).toHaveCount(4);
  await table.getByRole('button', { name: 'Name' }).click();
  await expect(table.getByRole('link').first()).toHaveText('m-90.jpg');
  await table.getByRole('button', { name: 'Name' }).click();
  await expect(table.getByRole('link').first()).toHaveText('ngc-6229.jpg');
  expect(await findViolations(page)).toEqual([]);
  await page.reload();
  await expect(table.getByRole('link').first()).toHaveText('ngc-6229.jpg');
});

test(
  'a new person starts afresh and can delete the last answers',
  ANY_SCREEN,
  async ({ browser }) => {
    const server = await startServer(createDataFolder(), {
      DEEPSKY_HOST: '0.0.0.0',
      DEEPSKY_ACCESS: 'open',
    });
    const baseURL = server.url.replace('0.0.0.0', '127.0.0.1');
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    await classifySamples(page, SAMPLES.slice(0, 1));
    expect((await context.cookies()).map(({ expires }) => expires)).toEqual([-1]);
    await page.goto('/history');
    await expect(tiles(page)).toHaveCount(1);
    await page.getByRole('button', { name: 'New person' }).click();
    await expect(page.getByText('A new session has started.')).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    expect(await storedNames(page)).toEqual([]);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(page.getByText('A new session has started.')).toBeHidden();
    await context.close();
    await server.stop();
  },
);
