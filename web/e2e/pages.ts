import { expect, type Page } from '@playwright/test';

import { ClassifyPage, expectLoaded } from './classify-page';

/** Every page that can be opened by its address alone. */
export const PAGES = [
  '',
  'history',
  'review',
  'models',
  'learn',
  'learn/objects',
  'learn/networks',
  'learn/figures',
  'learn/data',
  'nowhere',
];

/** Opens a page, and waits until all of it is there. */
export const visit = async (page: Page, path: string): Promise<void> => {
  await page.goto('about:blank'); // or only what stands behind the # would change
  await page.goto(`/#/${path}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
};

/** Has a sample answered; gives the page of the answer. */
export const haveAnswer = async (page: Page): Promise<string> => {
  const at = new ClassifyPage(page);
  await at.open();
  const answer = at.nextAnswer();
  await at.sample(/NGC 6229/).click();
  await expectLoaded(at.overlay);
  return `history/${(await answer).id}`;
};
