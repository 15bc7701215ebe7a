import { readFileSync } from 'node:fs';

import { expect, type Page, test } from '@playwright/test';

import { findViolations, tabTo } from './accessibility';
import { ClassifyPage, expectLoaded } from './classify-page';
import { classifySamples } from './classify-samples';
import { ANY_SCREEN } from './screens';
import { createDataFolder, startServer } from './test-server';

const SAMPLES = ['m-90', 'ngc-3199', 'ngc-6229'];

const tiles = (page: Page) => page.getByRole('list', { name: 'History' }).getByRole('link');

test('an empty history links to the home page', async ({ page }) => {
  await page.goto('/history');
  await page.getByRole('link', { name: 'Classify an image' }).click();
  await expect(page.getByRole('button', { name: 'Choose images' })).toBeVisible();
});

test('answers are listed, sorted, filtered and downloaded', async ({ page }) => {
  await classifySamples(page, SAMPLES);
  await page.goto('/history');
  await expect(tiles(page)).toHaveCount(3);
  await expect(tiles(page).first()).toContainText('ngc-6229.jpg');
  await expectLoaded(tiles(page).first().locator('img'));
  expect(await findViolations(page)).toEqual([]);
  const filters = page.getByRole('button', { name: /^Filter and sort/ });
  if (await filters.isVisible()) await filters.click(); // on phones
  await page.getByLabel('Sort by').selectOption('Oldest first');
  await expect(tiles(page).first()).toContainText('m-90.jpg');
  await page.getByLabel('Class', { exact: true }).selectOption('nebula');
  await expect(tiles(page)).toHaveCount(1);
  await page.reload();
  await expect(tiles(page)).toHaveCount(1);
  await expect(tiles(page)).toContainText('ngc-3199.jpg');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^ngc-3199\.jpg,nebula,/);
});

test('an answer is opened, reloaded and deleted with the keyboard alone', async ({ page }) => {
  await classifySamples(page, SAMPLES.slice(0, 1));
  await page.goto('/history');
  await expect(tiles(page)).toHaveCount(1);
  await tabTo(page, /m-90\.jpg/);
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { name: 'm-90.jpg' });
  await expect(heading).toBeVisible();
  const url = page.url();
  await page.reload();
  await expect(heading).toBeVisible();
  expect(page.url()).toBe(url);
  const classifyPage = new ClassifyPage(page);
  await expectLoaded(classifyPage.preview);
  await expect(page.getByText('Is this answer correct?')).toBeVisible();
  await page.keyboard.press('y');
  await expect(page.getByText('You marked the answer as correct.')).toBeVisible();
  await tabTo(page, /^More/);
  await page.keyboard.press('Enter');
  const remove = page.getByRole('menuitem', { name: 'Delete' });
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(remove).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('No answers yet')).toBeVisible();
  const stored = async () =>
    (await page.request.get(url.replace('/answers/', '/api/v1/classifications/'))).status();
  expect(await stored()).toBe(200); // the deletion can still be undone
  await page.goto('about:blank');
  await expect.poll(stored).toBe(404);
});

test('the link back from an answer restores the scroll position of the list', async ({ page }) => {
  await classifySamples(page, SAMPLES);
  await page.setViewportSize({ width: 320, height: 400 });
  await page.goto('/history');
  await tiles(page).last().scrollIntoViewIfNeeded();
  const scrolled = () => page.evaluate(() => window.scrollY);
  await tiles(page).last().click();
  await page.getByRole('link', { name: /Back to history/ }).click();
  await expect(tiles(page).last()).toBeInViewport();
  await page.getByRole('link', { name: 'History' }).click();
  await expect.poll(scrolled).toBe(0);
});

test('answers and feedback survive a restart of the server', ANY_SCREEN, async ({ browser }) => {
  const data = createDataFolder();
  const before = await startServer(data);
  const context = await browser.newContext({ baseURL: before.url });
  const page = await context.newPage();
  const classifyPage = new ClassifyPage(page);
  await classifyPage.open();
  await classifyPage.sample('m-90').click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect(page.getByText(/You marked the answer as correct/)).toBeVisible();
  await before.stop();

  const after = await startServer(data);
  await page.goto(`${after.url}/history`);
  await expect(tiles(page)).toHaveCount(1);
  await expectLoaded(tiles(page).locator('img'));
  await tiles(page).click();
  await expect(page.getByText(/You marked the answer as correct/)).toBeVisible();
  await context.close();
  await after.stop();
});

test(
  'answers are visible only in the browser session that created them',
  ANY_SCREEN,
  async ({ page, browser }) => {
    await classifySamples(page, SAMPLES.slice(0, 1));
    await page.goto('/history');
    await tiles(page).first().click();
    await expect(page.getByRole('heading', { name: 'm-90.jpg' })).toBeVisible();
    const other = await browser.newPage();
    await other.goto(page.url());
    const missing = { name: 'There is no answer at this address' };
    await expect(other.getByRole('heading', missing)).toBeVisible();
    await other.close();
  },
);
