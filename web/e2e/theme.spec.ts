import { expect, type Page, test } from '@playwright/test';

import { faint, faintInRed, pixelsBeyondRed, violations } from './access';
import { ClassifyPage } from './classify-page';
import { haveAnswer, PAGES, visit } from './pages';

const putOn = async (page: Page, theme: string) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.addInitScript((chosen) => {
    localStorage.setItem('deepsky-theme', JSON.stringify(chosen));
  }, theme);
};

const LOOKS = { light: violations, dark: faint, red: faintInRed };

for (const [theme, look] of Object.entries(LOOKS)) {
  test(`axe finds nothing wrong with any page in the ${theme} theme`, async ({ page }) => {
    test.slow();
    await putOn(page, theme);
    const answer = await haveAnswer(page);
    await page.getByText('Details').click();
    expect(await look(page)).toEqual([]);
    await page.route('**/api/v1/classifications', (route) => route.abort());
    const at = new ClassifyPage(page);
    await at.sample(/M 90/).click();
    await expect(at.result.getByRole('alert')).toBeVisible();
    expect(await look(page)).toEqual([]);
    await page.unroute('**/api/v1/classifications');
    for (const path of [...PAGES, answer]) {
      await visit(page, path);
      expect.soft(await look(page), path).toEqual([]);
    }
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
    expect(await look(page)).toEqual([]);
  });
}

test('red lights nothing but red, the images included', async ({ page }) => {
  await putOn(page, 'red');
  const answer = await haveAnswer(page);
  expect(await pixelsBeyondRed(page)).toBe(0);
  for (const path of [answer, 'history', 'models', 'learn/objects']) {
    await visit(page, path);
    expect.soft(await pixelsBeyondRed(page), path).toBe(0);
  }
});

test('a theme is put on from the settings, kept, and there before the page is', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await new ClassifyPage(page).open();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(await ground()).toBe('rgb(245, 246, 250)');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('dialog').getByText('Red', { exact: true }).click();
  await expect.poll(ground).toBe('rgb(0, 0, 0)');

  await page.route('**/assets/*.js', (route) => route.abort());
  await page.reload();
  expect(await ground()).toBe('rgb(0, 0, 0)');
});

test('the theme of the device is followed, as it changes', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await new ClassifyPage(page).open();
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(await scheme()).toBe('dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(scheme).toBe('light');
});
