import { expect, type Page, test } from '@playwright/test';

import { ClassifyPage } from './classify-page';
import { classifyOnPage } from './pages';

/** The limit of scripts/performance.mjs. */
const LIMIT = 0.02;

/** The data of the server arrives after the page has been drawn without it. */
const DELAY = 300;

const observeShifts = () => {
  Object.assign(window, { shift: 0 });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
      Object.assign(window, {
        shift: (window as unknown as { shift: number }).shift + entry.value,
      });
  }).observe({ type: 'layout-shift', buffered: true });
};

/** Opens a page in a new tab, waits for its last part and returns its layout shift. */
const shiftOf = async (
  page: Page,
  path: string,
  waitForLastPart = async (tab: Page) => {
    await expect(new ClassifyPage(tab).bars).toHaveCount(4);
  },
): Promise<number> => {
  const tab = await page.context().newPage();
  await tab.addInitScript(observeShifts);
  await tab.route('**/api/v1/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, DELAY));
    await route.continue();
  });
  await tab.goto(`/${path}`);
  await waitForLastPart(tab);
  await tab.waitForLoadState('networkidle');
  return tab.evaluate(() => (window as unknown as { shift: number }).shift);
};

test('the page of an answer does not move while it is loaded', async ({ page }) => {
  const path = await classifyOnPage(page);
  expect(await shiftOf(page, path)).toBeLessThan(LIMIT);
});

test('the page of a shared answer does not move while it is loaded', async ({ page }) => {
  const path = (await classifyOnPage(page)).replace('answers', 'classifications');
  const response = await page.request.post(`/api/v1/${path}/share`);
  const { token } = (await response.json()) as { token: string };
  expect(await shiftOf(page, `shared/${token}`)).toBeLessThan(LIMIT);
});

test('the list of answers does not move while it is loaded', async ({ page }) => {
  await classifyOnPage(page);
  const shift = await shiftOf(page, 'history', async (tab) => {
    await expect(tab.getByRole('list', { name: 'History' }).getByRole('link')).toHaveCount(1);
  });
  expect(shift).toBeLessThan(LIMIT);
});

test('the page for reviewing does not move while it is loaded', async ({ page }) => {
  await classifyOnPage(page);
  const shift = await shiftOf(page, 'review', async (tab) => {
    await expect(tab.getByRole('button', { name: 'Galaxy' })).toBeVisible();
  });
  expect(shift).toBeLessThan(LIMIT);
});
