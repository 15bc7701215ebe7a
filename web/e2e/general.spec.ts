import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { expect, test } from '@playwright/test';

import { typesOf } from '../scripts/generate-api.mjs';
import { tabTo } from './accessibility';
import { ClassifyPage, expectLoaded, sampleName } from './classify-page';
import { visit } from './pages';
import { ANY_SCREEN } from './screens';

const SCRIPT_BUDGET = 175_000;

let classifyPage: ClassifyPage;

test.beforeEach(({ page }) => {
  classifyPage = new ClassifyPage(page);
});

test('an image is classified and its evidence shown with the keyboard alone', async ({ page }) => {
  await classifyPage.open();
  await tabTo(page, sampleName('ngc-362'));
  await page.keyboard.press('Enter');
  await expect(classifyPage.result).toBeFocused();
  await expectLoaded(classifyPage.preview);
  await tabTo(page, /^Why\?$/);
  await page.keyboard.press('Enter');
  await expectLoaded(classifyPage.overlay);
  await tabTo(page, /^Hold to hide/);
  await page.keyboard.down('Space');
  await expect(classifyPage.overlay).toBeHidden();
  await page.keyboard.up('Space');
  await expect(classifyPage.overlay).toBeVisible();
  await page.keyboard.press('Tab');
  const earlier = await classifyPage.overlay.getAttribute('src');
  await page.keyboard.press('ArrowRight');
  await expect(classifyPage.overlay).not.toHaveAttribute('src', earlier ?? '');
  await classifyPage.result.getByRole('button', { name: 'Why?' }).press('Space');
  await expect(classifyPage.overlay).toHaveCount(0);
});

test('the layout does not shift when the answer arrives, and fits the screen', async ({ page }) => {
  let topWhileBusy = NaN;
  const top = () =>
    classifyPage
      .sample('summer-palace')
      .evaluate((one) => one.getBoundingClientRect().top + window.scrollY);
  await page.route('**/api/v1/classifications', async (route) => {
    await expect(classifyPage.result.getByText('Classifying …')).toBeVisible();
    topWhileBusy = await top();
    await route.continue();
  });
  await classifyPage.open();
  await classifyPage.sample('summer-palace').click();
  await expectLoaded(classifyPage.preview);
  expect(await top()).toBeCloseTo(topWhileBusy, 0);
  await expect(classifyPage.preview).toBeInViewport();
  await expect(classifyPage.result.getByRole('heading', { level: 2 })).toBeInViewport();
  const overflow = await page.evaluate(() => document.body.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('each page has a title, and unknown URLs show an error', async ({ page }) => {
  await classifyPage.open();
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle('deepsky: How reliable are the models?');
  await page.goto('/nowhere');
  await page.getByRole('link', { name: 'Go to the home page' }).click();
  await expect(page).toHaveTitle('deepsky: What is in your sky image?');
});

test('every page shows that the server is unreachable, and can be retried', async ({ page }) => {
  const alert = page.getByRole('alert').filter({ hasText: 'The deepsky server does not respond.' });
  for (const path of [
    '',
    'history',
    'review',
    'models',
    'learn/networks',
    'learn/figures',
    'learn/data',
  ]) {
    await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
    await visit(page, path);
    await expect(alert.first(), path).toBeVisible();
    await page.unroute('**/api/v1/**');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expect(alert, path).toHaveCount(0);
  }
});

test('pages open while the server is down, and reload their data automatically', async ({
  page,
}) => {
  await visit(page, '');
  await page.route('**/*', (route) => route.abort('connectionrefused'));
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.unroute('**/*');
  await expect(page.getByRole('region', { name: 'Model comparison' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a page that cannot be loaded is reloaded only if the server responds', async ({ page }) => {
  await page.route('**/assets/history-*.js', (route) => route.abort());
  await classifyPage.open();
  await page.route('**/*', (route) => route.abort('connectionrefused'));
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { name: 'This page could not be loaded' })).toBeVisible();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('alert')).toHaveText('The server still does not respond.');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();
});

test(
  'the scripts are small and loaded only from this server',
  ANY_SCREEN,
  async ({ page, baseURL }) => {
    // Pages that are preloaded while the browser is idle are not counted.
    await page.addInitScript(() => {
      window.requestIdleCallback = () => 0;
    });
    const scripts: Promise<Buffer>[] = [];
    page.on('response', (response) => {
      expect(response.url()).toMatch(new RegExp(`^(${baseURL ?? ''}|blob:|data:)`));
      if (response.request().resourceType() === 'script') scripts.push(response.body());
    });
    await classifyPage.open();
    const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(SCRIPT_BUDGET);
  },
);

test('the API types match the server', ANY_SCREEN, async ({ request }) => {
  const response = await request.get('/api/v1/openapi.json');
  const types = await typesOf((await response.json()) as Parameters<typeof typesOf>[0]);
  expect(types).toBe(readFileSync('src/api/schema.d.ts', 'utf8'));
});
