import { expect, test } from '@playwright/test';

import { ClassifyPage } from './classify-page';

const CLASSIFICATIONS = '**/api/v1/classifications';

let classifyPage: ClassifyPage;

test.beforeEach(async ({ page }) => {
  classifyPage = new ClassifyPage(page);
  await classifyPage.open();
});

test('a text file with the extension .jpg shows an error', async () => {
  await classifyPage.choose({
    name: 'note.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('Dear diary'),
  });
  await expect(classifyPage.result.getByRole('alert')).toContainText(/text file/);
  await expect(classifyPage.bars).toHaveCount(0);
});

test('an unreachable server shows an error and can be retried', async ({ page }) => {
  await page.route(CLASSIFICATIONS, (route) => route.abort('connectionrefused'));
  await classifyPage.sample('m-90').click();
  await expect(classifyPage.result.getByRole('alert')).toContainText(/server does not respond/);
  await page.unroute(CLASSIFICATIONS);
  await classifyPage.result.getByRole('button', { name: 'Try again' }).click();
  await expect(classifyPage.bars).toHaveCount(4);
});

test('choosing another image cancels the pending one', async ({ page }) => {
  const sent = page.waitForRequest(CLASSIFICATIONS);
  const aborted = page.waitForEvent('requestfailed', (request) =>
    request.url().endsWith('/classifications'),
  );
  await page.route(CLASSIFICATIONS, () => new Promise(() => undefined), { times: 1 });
  await classifyPage.sample('m-90').click();
  await expect(classifyPage.result.getByText('Classifying …')).toBeVisible();
  await sent; // the sample itself is downloaded first
  await classifyPage.sample('cat').click();
  await aborted;
  await expect(classifyPage.bars).toHaveCount(4);
  await expect(classifyPage.preview).toHaveAttribute('alt', /cat/);
});

test('a page that cannot be loaded shows an error', async ({ page }) => {
  await page.route('**/assets/history-*.js', (route) => route.abort());
  await page.reload();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { name: 'This page could not be loaded' })).toBeVisible();
  await page.unroute('**/assets/history-*.js');
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();
});
