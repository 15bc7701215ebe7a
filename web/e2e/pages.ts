import { expect, type Page } from '@playwright/test';

import { ClassifyPage, expectLoaded } from './classify-page';

/** The URL paths of all pages, and a path without a page (`nowhere`). */
export const PAGES = [
  '',
  'history',
  'review',
  'models',
  'learn',
  'learn/objects',
  'learn/kinds',
  'learn/networks',
  'learn/figures',
  'learn/data',
  'nowhere',
];

/** Opens a page and waits until it is loaded. */
export const visit = async (page: Page, path: string): Promise<void> => {
  await page.goto(`/${path}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
};

/**
 * Classifies a sample image on the page and returns the URL path of the resulting classification.
 */
export const classifyOnPage = async (page: Page): Promise<string> => {
  const classifyPage = new ClassifyPage(page);
  await classifyPage.open();
  const answer = classifyPage.nextAnswer();
  await classifyPage.sample('ngc-6229').click();
  await expectLoaded(classifyPage.preview);
  return `answers/${(await answer).id}`;
};
