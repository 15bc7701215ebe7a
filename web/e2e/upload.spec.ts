import { expect, type Page, test } from '@playwright/test';

import { ClassifyPage, expectLoaded } from './classify-page';
import { largePhoto, STORED } from './large-photo';
import { createDataFolder, startServer } from './test-server';

const MEGABYTE = 1e6;

const originals = (page: Page) => page.getByRole('switch', { name: 'Send originals' });

/** Returns the mean red and blue of the upper and the lower half of an image. */
const halves = (page: Page, source: string) =>
  page.evaluate(async (url) => {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: 1, height: 2 });
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('There is no canvas.');
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, 1, 2);
    const [upper, , , , lower] = context.getImageData(0, 0, 1, 2).data;
    return { upper, lower };
  }, source);

test('a large photo is scaled down before it is sent, unless originals are sent', async ({
  page,
}) => {
  const classifyPage = new ClassifyPage(page);
  await classifyPage.open();
  const file = { name: 'moon.jpg', mimeType: 'image/jpeg', buffer: await largePhoto(page) };
  expect(file.buffer.length).toBeGreaterThan(2 * MEGABYTE);

  await originals(page).setChecked(false);
  let answer = classifyPage.nextAnswer();
  await classifyPage.choose(file);
  const scaled = await answer;
  expect([scaled.width, scaled.height]).toEqual([1365, 2048]);
  const caption = 'moon.jpg: scaled down from 2,000 × 3,000 pixels to 1,365 × 2,048 pixels';
  await expect(page.getByText(caption)).toBeVisible();
  await expectLoaded(classifyPage.preview);
  const shown = await halves(page, (await classifyPage.preview.getAttribute('src')) ?? '');
  expect(shown.upper).toBeGreaterThan(150);
  expect(shown.lower).toBeLessThan(100);

  await originals(page).setChecked(true);
  await page.reload();
  await classifyPage.open();
  await expect(originals(page)).toBeChecked();
  answer = classifyPage.nextAnswer();
  await classifyPage.choose(file);
  const original = await answer;
  expect([original.width, original.height]).toEqual([STORED.height, STORED.width]);
  await expect(page.getByText('scaled down from')).toHaveCount(0);
  expect(original.label).toBe(scaled.label);
});

test('a file that is too large is not sent', async ({ browser, contextOptions }) => {
  const server = await startServer(createDataFolder(), { DEEPSKY_MAX_BYTES: '2000000' });
  const context = await browser.newContext({ ...contextOptions, baseURL: server.url });
  const page = await context.newPage();
  const classifyPage = new ClassifyPage(page);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url());
  });
  const problem = classifyPage.result.getByRole('alert');
  await classifyPage.open();
  await originals(page).setChecked(true);

  await classifyPage.choose({
    name: 'stack.fits',
    mimeType: 'image/fits',
    buffer: Buffer.alloc(2.2 * MEGABYTE),
  });
  await expect(problem).toContainText(
    'stack.fits has 2.2 MB, but this server accepts at most 2 MB per image',
  );

  const photo = { name: 'moon.jpg', mimeType: 'image/jpeg', buffer: await largePhoto(page) };
  await classifyPage.open();
  await classifyPage.choose(photo);
  await expect(problem).toContainText('Turn off “Send originals”');
  expect(sent).toEqual([]);

  await classifyPage.open();
  await originals(page).setChecked(false);
  await classifyPage.choose(photo);
  await expect(classifyPage.bars).toHaveCount(4);
  await context.close();
  await server.stop();
});
