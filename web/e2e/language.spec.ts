import { expect, type Page, test } from '@playwright/test';

import { findViolations } from './accessibility';
import { PAGES, visit } from './pages';

test.use({ locale: 'de-AT' });

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

test('server errors are shown in the chosen language', async ({ page }) => {
  await page.goto('/');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /Bilder auswählen/ }).click();
  const buffer = Buffer.from('Liebes Tagebuch');
  await (await chooser).setFiles({ name: 'notiz.jpg', mimeType: 'image/jpeg', buffer });
  await expect(page.getByRole('alert').first()).toContainText(
    'Dieses Format oder diese Variante wird nicht unterstützt',
  );
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
