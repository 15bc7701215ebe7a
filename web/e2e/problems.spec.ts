import { expect, test } from '@playwright/test';

import { ClassifyPage } from './classify-page';
import { newData, startServer } from './own-server';
import { ANY_SCREEN } from './screens';

const CLASSIFICATIONS = '**/api/v1/classifications';

let at: ClassifyPage;

test.beforeEach(async ({ page }) => {
  at = new ClassifyPage(page);
  await at.open();
});

test('a text file named .jpg is refused in plain words', async () => {
  await at.choose({ name: 'note.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear diary') });
  await expect(at.result.getByRole('alert')).toContainText(/format/);
  await expect(at.bars).toHaveCount(0);
});

test('a file that is larger than the server allows is refused in plain words', ANY_SCREEN, async ({
  browser,
}) => {
  const server = await startServer(newData(), { DEEPSKY_MAX_BYTES: '100000' });
  const context = await browser.newContext({ baseURL: server.address });
  const there = new ClassifyPage(await context.newPage());
  // The server's own door refuses the second before the application sees it.
  for (const bytes of [200_000, 3_000_000]) {
    const buffer = Buffer.alloc(bytes);
    await there.open();
    await there.choose({ name: `${bytes}.tif`, mimeType: 'image/tiff', buffer });
    await expect(there.result.getByRole('alert')).toContainText('larger than this server allows');
    await expect(there.bars).toHaveCount(0);
  }
  await context.close();
  await server.stop();
});

test('a server that is down is named as the problem, and can be tried again', async ({ page }) => {
  await page.route(CLASSIFICATIONS, (route) => route.abort('connectionrefused'));
  await at.sample(/M 90/).click();
  await expect(at.result.getByRole('alert')).toContainText(/server does not answer/);
  await page.unroute(CLASSIFICATIONS);
  await at.result.getByRole('button', { name: 'Try again' }).click();
  await expect(at.bars).toHaveCount(4);
});

test('a new image takes the place of one that is still being classified', async ({ page }) => {
  const aborted = page.waitForEvent('requestfailed');
  await page.route(CLASSIFICATIONS, () => new Promise(() => undefined), { times: 1 });
  await at.sample(/M 90/).click();
  await expect(at.result.getByText('Looking at it …')).toBeVisible();
  await at.sample(/cat/).click();
  expect((await aborted).url()).toMatch(/classifications$/);
  await expect(at.bars).toHaveCount(4);
  await expect(at.preview).toHaveAttribute('alt', /cat/);
});

test('a page that cannot be fetched says so', async ({ page }) => {
  await page.route('**/assets/history-*.js', (route) => route.abort());
  await page.reload();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { name: 'This page could not be shown' })).toBeVisible();
  await page.unroute('**/assets/history-*.js');
  await page.getByRole('button', { name: 'Load again' }).click();
  await expect(page.getByRole('heading', { name: 'Your answers' })).toBeVisible();
});
