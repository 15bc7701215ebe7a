import { expect, type Locator, type Page, test } from '@playwright/test';

import type { AnswerPage } from '@/lib/api-client';

import { tabTo, violations } from './access';
import { ClassifyPage } from './classify-page';

const FEEDBACK = '**/feedback';

let at: ClassifyPage;
let panel: Locator;

test.beforeEach(async ({ page }) => {
  at = new ClassifyPage(page);
  panel = page.getByRole('region', { name: 'What do you say?' });
  await at.open();
});

/** What the server keeps of what was said of the one answer. */
const kept = async (page: Page) => {
  const reply = await page.request.get('/api/v1/classifications');
  const { items } = (await reply.json()) as AnswerPage;
  return items[0]?.feedback;
};

test('an answer is called wrong, with its class and a comment, and that is taken back', async ({
  page,
}) => {
  await at.sample(/NGC 3199/).click();
  await panel.getByRole('button', { name: 'No' }).click();
  await expect(panel.getByRole('status')).toHaveText('Thank you! What is it?');
  await panel.getByRole('button', { name: 'Star cluster' }).click();
  await expect(panel.getByRole('status')).toContainText('this is a star cluster');
  await panel.getByRole('button', { name: 'Add a comment' }).click();
  await panel.getByRole('textbox').fill('A ring of stars');
  expect(await violations(page)).toEqual([]);
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByText('Your comment: A ring of stars')).toBeVisible();
  await expect(panel.getByRole('status')).toContainText('this is a star cluster'); // is saved
  const said = { verdict: 'incorrect', label: 'star_cluster', comment: 'A ring of stars' };
  expect(await kept(page)).toMatchObject(said);
  await panel.getByRole('button', { name: 'Undo' }).click();
  await expect(panel.getByRole('button', { name: 'Yes' })).toBeVisible();
  await expect.poll(() => kept(page)).toBeNull();
});

test('with the keyboard alone an answer takes one key, and writing takes none for it', async ({
  page,
}) => {
  await tabTo(page, /NGC 3199/);
  await page.keyboard.press('Enter');
  await expect(panel).toBeVisible();
  await page.keyboard.press('y');
  await expect(panel.getByRole('status')).toContainText('this is right');
  await page.keyboard.press('1');
  await expect(panel.getByRole('status')).toContainText('this is a galaxy');
  await tabTo(page, /Add a comment/);
  await page.keyboard.press('Enter');
  await page.keyboard.type('u 3 y');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(panel.getByText('Your comment: u 3 y')).toBeVisible();
  await expect(panel.getByRole('status')).toContainText('this is a galaxy'); // is saved
  expect(await kept(page)).toMatchObject({ label: 'galaxy', comment: 'u 3 y' });
  await page.keyboard.press('u');
  await expect(panel.getByRole('status')).toHaveText('Is this right?');
});

test('a save that fails is said, and tried again', async ({ page }) => {
  await at.sample(/NGC 3199/).click();
  await page.route(FEEDBACK, (route) => route.abort());
  await panel.getByRole('button', { name: 'Yes' }).click();
  await expect(panel.getByRole('alert')).toContainText('This was not saved.');
  expect(await kept(page)).toBeNull();
  await page.unroute(FEEDBACK);
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByRole('status')).toContainText('Thank you');
  expect(await kept(page)).toMatchObject({ verdict: 'correct' });
});
