import { expect, type Locator, type Page, test } from '@playwright/test';

import {
  brightestRed,
  countNonRedInWindow,
  countNonRedPixels,
  findColourViolations,
  findRedViolations,
  findViolations,
} from './accessibility';
import { ClassifyPage } from './classify-page';
import { classifyOnPage, PAGES, visit } from './pages';
import { ANY_SCREEN } from './screens';

const setTheme = async (page: Page, theme: string) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.addInitScript((chosen) => {
    localStorage.setItem('deepsky-theme', JSON.stringify(chosen));
  }, theme);
};

const CHECKS = { light: findViolations, dark: findColourViolations, red: findRedViolations };

/** Waits until all CSS transitions have ended, such as that of the selected option of a control. */
const endTransitions = (page: Page) =>
  page.evaluate(async () => {
    const draw = () => new Promise(requestAnimationFrame);
    await draw();
    await draw();
    const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(transitions.map(({ finished }) => finished));
  });

/** Returns the violations that Axe finds in each theme in what the page shows now. */
const findViolationsInThemes = async (page: Page): Promise<string[]> => {
  const violations: string[] = [];
  for (const [theme, check] of Object.entries(CHECKS)) {
    await page.evaluate((chosen) => {
      const [key, newValue] = ['deepsky-theme', JSON.stringify(chosen)];
      localStorage.setItem(key, newValue);
      // As if the theme had been chosen in another window.
      window.dispatchEvent(
        new StorageEvent('storage', { key, newValue, storageArea: localStorage }),
      );
    }, theme);
    await expect(page.locator(`:root[data-theme=${theme}]`)).toBeAttached();
    await endTransitions(page);
    violations.push(...(await check(page)).map((one) => `${theme}: ${one}`));
  }
  return violations;
};

test('axe finds no violations on any page in any theme', async ({ page }) => {
  test.slow();
  await setTheme(page, 'light');
  const answer = await classifyOnPage(page);
  for (const path of [...PAGES, answer]) {
    await visit(page, path);
    expect.soft(await findViolationsInThemes(page), path).toEqual([]);
  }
});

test('axe finds no violations in any state of an answer in any theme', async ({ page }) => {
  test.slow();
  await setTheme(page, 'light');
  await classifyOnPage(page);
  const classifyPage = new ClassifyPage(page);
  const expectNone = async (state: string) => {
    expect.soft(await findViolationsInThemes(page), state).toEqual([]);
  };
  await page.getByText('Details').click();
  await classifyPage.askWhy();
  await expectNone('details and evidence');
  await (await classifyPage.menuItem('Share')).hover();
  await expectNone('menu');
  await page.getByRole('menuitem', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Create a link' }).click();
  await expect(page.getByRole('textbox', { name: 'Link' })).toBeVisible();
  await expectNone('dialog for sharing');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(page.getByRole('dialog').locator('[data-state=loaded]')).toBeVisible();
  await expectNone('viewer');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await expectNone('feedback');
  await page.route('**/api/v1/classifications', (route) => route.abort());
  await classifyPage.sample('m-90').click();
  await expect(classifyPage.result.getByRole('alert')).toBeVisible();
  await expectNone('error');
  await classifyPage.dragFileOver();
  await expect(page.getByText('Drop to classify')).toBeVisible();
  await expectNone('dragged file');
});

test('axe finds no violations in dialogs and notices in any theme', async ({ page }) => {
  test.slow();
  await setTheme(page, 'light');
  await visit(page, await classifyOnPage(page));
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  expect.soft(await findViolationsInThemes(page), 'settings').toEqual([]);
  await page.keyboard.press('Escape');
  await (await new ClassifyPage(page).menuItem('Delete')).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  expect.soft(await findViolationsInThemes(page), 'deleted answer').toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await visit(page, 'review');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  expect.soft(await findViolationsInThemes(page), 'shortcuts').toEqual([]);
});

test('the red theme has no green or blue pixels, images included', async ({ page }) => {
  await setTheme(page, 'red');
  const answer = await classifyOnPage(page);
  expect(await countNonRedPixels(page)).toBe(0);
  for (const path of [answer, 'history', 'models', 'learn/objects']) {
    await visit(page, path);
    expect.soft(await countNonRedPixels(page), path).toBe(0);
  }
});

test('the API documentation follows the red theme', ANY_SCREEN, async ({ page }) => {
  await setTheme(page, 'red');
  await page.goto('/api/docs');
  await expect(page.getByText('Classify one or more images')).toBeVisible();
  expect(await countNonRedInWindow(page)).toBe(0);
});

test(
  'the brightness of the red theme can be changed, and is kept',
  ANY_SCREEN,
  async ({ page }) => {
    await setTheme(page, 'red');
    const brightest = async () => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      return brightestRed(page);
    };
    await new ClassifyPage(page).open();
    expect(await brightest()).toBe(255);
    await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', /icon-red\.svg$/);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('slider', { name: 'Brightness' }).press('Home');
    await expect.poll(brightest).toBeLessThan(80);
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload();
    await expect.poll(brightest).toBeLessThan(80);
    await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', /icon-red\.svg$/);
  },
);

test(
  'with forced colours, the selection and the bars are visible',
  ANY_SCREEN,
  async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    const answer = await classifyOnPage(page);
    const backgroundOf = (locator: Locator, part?: string) =>
      locator.evaluate((one, pseudo) => getComputedStyle(one, pseudo).backgroundColor, part);
    const models = page.getByRole('radiogroup', { name: 'Model' });
    const selected = await backgroundOf(models.getByText('EfficientNet-B0', { exact: true }));
    expect(await backgroundOf(models.getByText('VGG16'))).not.toBe(selected);
    await visit(page, answer);
    const bar = new ClassifyPage(page).bars.first().locator('> :last-child');
    expect(await backgroundOf(bar, '::before')).not.toBe(await backgroundOf(bar));
    await (await new ClassifyPage(page).menuItem('Share')).click();
    const width = (locator: Locator) =>
      locator.evaluate((one) => getComputedStyle(one).borderTopWidth);
    expect(await width(page.getByRole('dialog'))).toBe('1px');
  },
);

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
