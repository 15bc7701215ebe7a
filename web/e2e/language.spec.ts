import { expect, type Page, test } from '@playwright/test';

import { findViolations } from './accessibility';
import { PAGES, visit } from './pages';

test.use({ locale: 'de-AT' });

const SAMPLES = ['ngc-1433', 'ngc-362', 'cat'].map((name) => `../samples/${name}.jpg`);

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

test('the page uses the chosen language, by default that of the browser', async ({ page }) => {
  const texts: string[] = [];
  page.on('response', (response) => {
    if (/\/assets\/(de|en)-/.test(response.url())) texts.push(response.url());
  });
  await page.goto('/');
  await expect(page.getByRole('button', { name: /Bilder auswählen/ })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page).toHaveTitle('deepsky: Was zeigt dein Himmelsbild?');
  await expect(page.getByText(/klassifizierte \d\d,\d\s% der/)).toBeVisible();
  expect(texts).not.toEqual([]);
  expect(texts.filter((url) => url.includes('/assets/en-'))).toEqual([]);

  await page.getByRole('button', { name: 'Einstellungen' }).click();
  await page.getByLabel('Sprache').selectOption('English');
  await expect(page.getByRole('button', { name: /Choose images/ })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.reload();
  await expect(page.getByRole('button', { name: /Choose images/ })).toBeVisible();
});

const choose = async (page: Page, language: 'English' | 'Deutsch') => {
  await page.getByLabel(/^(Language|Sprache)$/).selectOption(language);
  await expect(page.locator('html')).toHaveAttribute('lang', language === 'English' ? 'en' : 'de');
};

test('changing the language leaves the queue and a running upload as they are', async ({
  page,
}) => {
  let documents = 0;
  let uploads = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents += 1;
    if (request.method() === 'POST' && request.url().includes('classifications')) uploads += 1;
  });
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/v1/classifications', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('/');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /Bilder auswählen/ }).click();
  await (await chooser).setFiles(SAMPLES);
  await expect(page.getByText('3 Bilder werden klassifiziert.')).toBeAttached();
  await page.getByRole('button', { name: 'Einstellungen' }).click();

  await choose(page, 'English');
  await expect(page).toHaveTitle('deepsky: What is in your sky image?');
  await expect(page.getByLabel('Language')).toBeVisible();
  await page.keyboard.press('Escape');
  const list = page.getByRole('region', { name: 'Your images' });
  await expect(list.getByText('Classifying …').first()).toBeVisible();
  await expect(list.getByRole('listitem')).toHaveCount(3);

  release();
  await expect(list.getByText(/^3 images: /).first()).toBeAttached();
  expect(documents).toBe(1);
  expect(uploads).toBe(3);
});

test('after a change of the language, every page shows what it shows when loaded in it', async ({
  page,
}) => {
  const textOf = () => page.locator('body').innerText();
  // Other tests change what the server measures.
  const speed = await page.request.get('/api/v1/speed');
  await page.route('**/api/v1/speed', (route) => route.fulfill({ response: speed }));
  for (const path of PAGES) {
    await visit(page, path);
    await page.getByRole('button', { name: 'Einstellungen' }).click();
    await choose(page, 'English');
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByLabel('Language')).toBeHidden();
    const changed = await textOf();
    const title = await page.title();
    await visit(page, path);
    await expect.soft(page, path).toHaveTitle(title);
    await expect.poll(textOf, path).toBe(changed);
    await page.evaluate(() => {
      localStorage.clear();
    });
  }
});

test('server errors are shown in the chosen language', async ({ page }) => {
  await page.goto('/');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /Bilder auswählen/ }).click();
  const buffer = Buffer.from('Liebes Tagebuch');
  await (await chooser).setFiles({ name: 'notiz.jpg', mimeType: 'image/jpeg', buffer });
  await expect(page.getByRole('alert').first()).toContainText(
    'Dieses Format oder diese Variante wird nicht unterstützt',
  );
  await page.getByRole('button', { name: 'Einstellungen' }).click();
  await choose(page, 'English');
  await expect(page.getByRole('alert').first()).toContainText('The file is a text file');
});

test('every page fits a small phone in German', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of PAGES) {
    await visit(page, path);
    expect.soft(await overflow(page), path).toBeLessThanOrEqual(0);
  }
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Einstellungen' }).click();
  await expect(page.getByText('Rot', { exact: true })).toBeInViewport({ ratio: 1 });
});

test('the header names all pages in one line on the narrowest phones', async ({ page }) => {
  await visit(page, 'learn');
  const links = page.getByRole('navigation', { name: 'Seiten' }).getByRole('link');
  await expect(links).toHaveCount(5);
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 568 });
    const lines = await links.evaluateAll(
      (all) => new Set(all.map((one) => one.getBoundingClientRect().top)).size,
    );
    expect(lines, `${width} pixels`).toBe(1);
  }
});
