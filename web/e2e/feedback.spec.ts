import { expect, type Locator, type Page, test } from '@playwright/test';

import type { AnswerPage } from '@/lib/api-client';

import { findViolations, tabTo } from './accessibility';
import { ClassifyPage, sampleName } from './classify-page';

const FEEDBACK = '**/feedback';

let classifyPage: ClassifyPage;
let panel: Locator;

test.beforeEach(async ({ page }) => {
  classifyPage = new ClassifyPage(page);
  panel = page.getByRole('region', { name: 'Your feedback' });
  await classifyPage.open();
});

/** Returns the stored feedback on the newest classification. */
const storedFeedback = async (page: Page) => {
  const reply = await page.request.get('/api/v1/classifications');
  const { items } = (await reply.json()) as AnswerPage;
  return items[0]?.feedback;
};

test('feedback with a label and a comment is saved and undone', async ({ page }) => {
  await classifyPage.sample('ngc-3199').click();
  await panel.getByRole('button', { name: 'No', exact: true }).click();
  await expect(panel.getByRole('status')).toHaveText('Thank you! What does the image show?');
  await panel.getByRole('button', { name: 'Star cluster' }).click();
  await expect(panel.getByRole('status')).toContainText('You chose: Star cluster');
  await panel.getByRole('button', { name: 'Add a comment' }).click();
  await panel.getByRole('textbox').fill('A ring of stars');
  expect(await findViolations(page)).toEqual([]);
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByText('Your comment: A ring of stars')).toBeVisible();
  await expect(panel.getByRole('status')).toContainText('You chose: Star cluster'); // saved
  const expected = { verdict: 'incorrect', label: 'star_cluster', comment: 'A ring of stars' };
  expect(await storedFeedback(page)).toMatchObject(expected);
  await panel.getByRole('button', { name: 'Undo' }).click();
  await expect(panel.getByRole('button', { name: 'Yes' })).toBeVisible();
  await expect.poll(() => storedFeedback(page)).toBeNull();
});

test('one key gives feedback, and shortcuts are ignored in the comment field', async ({ page }) => {
  await tabTo(page, sampleName('ngc-3199'));
  await page.keyboard.press('Enter');
  await expect(panel).toBeVisible();
  await page.keyboard.press('y');
  await expect(panel.getByRole('status')).toContainText('marked the answer as correct');
  await page.keyboard.press('1');
  await expect(panel.getByRole('status')).toContainText('You chose: Galaxy');
  await tabTo(page, /Add a comment/);
  await page.keyboard.press('Enter');
  await page.keyboard.type('u 3 y');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(panel.getByText('Your comment: u 3 y')).toBeVisible();
  await expect(panel.getByRole('status')).toContainText('You chose: Galaxy'); // saved
  expect(await storedFeedback(page)).toMatchObject({ label: 'galaxy', comment: 'u 3 y' });
  await page.keyboard.press('u');
  await expect(panel.getByRole('status')).toHaveText('Is this answer correct?');
});

test('a failed save shows an error and can be retried', async ({ page }) => {
  await classifyPage.sample('ngc-3199').click();
  await page.route(FEEDBACK, (route) => route.abort());
  await panel.getByRole('button', { name: 'Yes' }).click();
  await expect(panel.getByRole('alert')).toContainText('Your feedback was not saved.');
  expect(await storedFeedback(page)).toBeNull();
  await page.unroute(FEEDBACK);
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByRole('status')).toContainText('Thank you');
  expect(await storedFeedback(page)).toMatchObject({ verdict: 'correct' });
});
