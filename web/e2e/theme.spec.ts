import { expect, type Page, test } from '@playwright/test';

import {
  countNonRedPixels,
  findColourViolations,
  findRedViolations,
  findViolations,
} from './accessibility';
import { ClassifyPage } from './classify-page';
import { classifyOnPage, PAGES, visit } from './pages';

const setTheme = async (page: Page, theme: string) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.addInitScript((chosen) => {
    localStorage.setItem('deepsky-theme', JSON.stringify(chosen));
  }, theme);
};

const CHECKS = { light: findViolations, dark: findColourViolations, red: findRedViolations };

for (const [theme, check] of Object.entries(CHECKS)) {
  test(`axe finds no violations on any page in the ${theme} theme`, async ({ page }) => {
    test.slow();
    await setTheme(page, theme);
    const answer = await classifyOnPage(page);
    await page.getByText('Details').click();
    expect(await check(page)).toEqual([]);
    await page.route('**/api/v1/classifications', (route) => route.abort());
    const classifyPage = new ClassifyPage(page);
    await classifyPage.sample(/M 90/).click();
    await expect(classifyPage.result.getByRole('alert')).toBeVisible();
    expect(await check(page)).toEqual([]);
    await page.unroute('**/api/v1/classifications');
    for (const path of [...PAGES, answer]) {
      await visit(page, path);
      expect.soft(await check(page), path).toEqual([]);
    }
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
    expect(await check(page)).toEqual([]);
  });
}

test('the red theme has no green or blue pixels, images included', async ({ page }) => {
  await setTheme(page, 'red');
  const answer = await classifyOnPage(page);
  expect(await countNonRedPixels(page)).toBe(0);
  for (const path of [answer, 'history', 'models', 'learn/objects']) {
    await visit(page, path);
    expect.soft(await countNonRedPixels(page), path).toBe(0);
  }
});

test('the chosen theme is stored and applied before the first paint', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await new ClassifyPage(page).open();
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(await background()).toBe('rgb(245, 246, 250)');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('dialog').getByText('Red', { exact: true }).click();
  await expect.poll(background).toBe('rgb(0, 0, 0)');

  await page.route('**/assets/*.js', (route) => route.abort());
  await page.reload();
  expect(await background()).toBe('rgb(0, 0, 0)');
});

test('the default theme follows the system', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await new ClassifyPage(page).open();
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(await scheme()).toBe('dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(scheme).toBe('light');
});
