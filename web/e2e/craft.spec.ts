import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { expect, test } from '@playwright/test';

import { typesOf } from '../scripts/generate-api.mjs';
import { tabTo } from './access';
import { ClassifyPage, expectLoaded } from './classify-page';
import { visit } from './pages';
import { ANY_SCREEN } from './screens';

const SCRIPT_BUDGET = 250_000;

let at: ClassifyPage;

test.beforeEach(({ page }) => {
  at = new ClassifyPage(page);
});

test('everything can be done with the keyboard alone', async ({ page }) => {
  await at.open();
  await tabTo(page, /NGC 362/);
  await page.keyboard.press('Enter');
  await expect(at.result).toBeFocused();
  await expectLoaded(at.overlay);
  await tabTo(page, /^Show where it looked/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  await expect(at.overlay).toHaveCSS('opacity', '1');
  await page.keyboard.press('Tab');
  const earlier = await at.overlay.getAttribute('src');
  await page.keyboard.press('ArrowRight');
  await expect(at.overlay).not.toHaveAttribute('src', earlier ?? '');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  await expect(at.overlay).toHaveCount(0);
});

test('nothing moves when the answer comes, which is seen with its image, and nothing is too wide', async ({
  page,
}) => {
  let whileBusy = NaN;
  const top = () =>
    at.sample(/Summer Palace/).evaluate((one) => one.getBoundingClientRect().top + window.scrollY);
  await page.route('**/api/v1/classifications', async (route) => {
    await expect(at.result.getByText('Looking at it …')).toBeVisible();
    whileBusy = await top();
    await route.continue();
  });
  await at.open();
  await at.sample(/Summer Palace/).click();
  await expectLoaded(at.overlay);
  expect(await top()).toBeCloseTo(whileBusy, 0);
  await expect(at.overlay).toBeInViewport();
  await expect(at.result.getByRole('switch')).toBeInViewport();
  await expect(at.result.getByRole('heading', { level: 2 })).toBeInViewport();
  const excess = await page.evaluate(() => document.body.scrollWidth - window.innerWidth);
  expect(excess).toBeLessThanOrEqual(0);
});

test('each page has its name, and an address that leads nowhere says so', async ({ page }) => {
  await at.open();
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle('deepsky: How far can they be trusted?');
  await page.goto('/#/nowhere');
  await page.getByRole('link', { name: 'To the first page' }).click();
  await expect(page).toHaveTitle('deepsky: What is in your sky image?');
});

test('every page says that the server is down, and goes on once it is back', async ({ page }) => {
  const alert = page.getByRole('alert').filter({ hasText: 'The deepsky server does not answer.' });
  for (const path of ['', 'history', 'review', 'models', 'learn/networks', 'learn/figures', 'learn/data']) {
    await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
    await visit(page, path);
    await expect(alert.first(), path).toBeVisible();
    await page.unroute('**/api/v1/**');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expect(alert, path).toHaveCount(0);
  }
});

test('a page is there though the server is down, and goes on by itself', async ({ page }) => {
  await visit(page, '');
  await page.route('**/*', (route) => route.abort('connectionrefused'));
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.unroute('**/*');
  await expect(page.getByRole('region', { name: 'The models side by side' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a page that cannot be fetched is not loaded again before the server is back', async ({
  page,
}) => {
  await page.route('**/assets/history-*.js', (route) => route.abort());
  await at.open();
  await page.route('**/*', (route) => route.abort('connectionrefused'));
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { name: 'This page could not be shown' })).toBeVisible();
  await page.getByRole('button', { name: 'Load again' }).click();
  await expect(page.getByRole('alert')).toHaveText('The server does not answer yet.');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Load again' }).click();
  await expect(page.getByRole('heading', { name: 'Your answers' })).toBeVisible();
});

test('the scripts are small, and nothing comes from elsewhere', ANY_SCREEN, async ({
  page,
  baseURL,
}) => {
  // What is fetched when there is nothing else to do keeps no one waiting.
  await page.addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    expect(response.url()).toMatch(new RegExp(`^(${baseURL ?? ''}|blob:|data:)`));
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await at.open();
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(SCRIPT_BUDGET);
});

test('the types in use are those of the server', ANY_SCREEN, async ({ request }) => {
  const response = await request.get('/api/v1/openapi.json');
  const types = await typesOf((await response.json()) as Parameters<typeof typesOf>[0]);
  expect(types).toBe(readFileSync('src/api/schema.d.ts', 'utf8'));
});
