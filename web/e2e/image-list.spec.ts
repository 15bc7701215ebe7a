import { writeFileSync } from 'node:fs';

import { expect, type Page, test } from '@playwright/test';

import type { AnswerPage } from '@/lib/api-client';

import { findViolations, tabTo } from './accessibility';
import { ClassifyPage, expectLoaded } from './classify-page';
import { ANY_SCREEN } from './screens';

const CLASSIFICATIONS = '**/api/v1/classifications';
const SAMPLES = ['m-90', 'ngc-362', 'ngc-3199'].map((name) => `../samples/${name}.jpg`);
const ANSWERED = /Galaxy|Nebula|Star cluster/;

let classifyPage: ClassifyPage;

test.beforeEach(async ({ page }) => {
  classifyPage = new ClassifyPage(page);
  await classifyPage.open();
});

const summary = (page: Page) =>
  page.getByRole('region', { name: 'Your images' }).getByRole('status').first();

/** Returns the file names of this browser's classified images, newest first. */
const storedNames = async (page: Page): Promise<string[]> => {
  const reply = await page.request.get('/api/v1/classifications');
  return ((await reply.json()) as AnswerPage).items.map(({ path }) => path);
};

/** Delays all uploads from the page until the returned function is called. */
const holdUploads = async (page: Page): Promise<() => void> => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(CLASSIFICATIONS, async (route) => {
    await released;
    await route.continue();
  });
  return release;
};

test('several images get answers even if one file is not an image', async ({ page }, info) => {
  const bad = info.outputPath('diary.jpg');
  writeFileSync(bad, 'Dear diary');
  await classifyPage.choose([...SAMPLES, bad]);
  await expect(classifyPage.tiles).toHaveCount(4);
  await expect(summary(page)).toHaveText(
    '4 images: 1 galaxy, 1 nebula, 1 star cluster, and 1 could not be read.',
  );
  await expect(classifyPage.tiles.filter({ hasText: 'diary.jpg' })).toContainText(
    /No answer.*text file/,
  );
  await expectLoaded(classifyPage.tiles.filter({ hasText: 'm-90.jpg' }).locator('img'));
  expect(await findViolations(page)).toEqual([]);
  await classifyPage.tiles.filter({ hasText: 'ngc-362.jpg' }).getByRole('button').first().click();
  await expect(classifyPage.result.getByRole('heading', { name: /A star cluster/ })).toBeVisible();
  await expectLoaded(classifyPage.preview);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Previous' }).click();
  await expect(classifyPage.preview).toHaveAttribute('alt', /ngc-3199|m-90/);
  await page.goBack();
  await expect(classifyPage.tiles).toHaveCount(4);
  expect((await storedNames(page)).toSorted()).toEqual(['m-90.jpg', 'ngc-3199.jpg', 'ngc-362.jpg']);
});

test('images in the list are opened, reviewed and removed with the keyboard alone', async ({
  page,
}) => {
  await classifyPage.choose(SAMPLES);
  await expect(summary(page)).toHaveText(/^3 images:/);
  await expect(classifyPage.list).toBeFocused();
  await tabTo(page, /ngc-362\.jpg$/);
  await page.keyboard.press('Enter');
  await expect(classifyPage.result).toBeFocused();
  await expect(classifyPage.bars).toHaveCount(4);
  await page.keyboard.press('y');
  await expect(page.getByText('You marked the answer as correct.')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('3 of 3')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText('2 of 3')).toBeVisible();
  await page.keyboard.press('Escape');
  const opened = classifyPage.tiles.filter({ hasText: 'ngc-362.jpg' });
  await expect(opened.getByRole('button').first()).toBeFocused();
  await expect(opened).toContainText('Marked correct');
  await tabTo(page, /^Remove ngc-362/);
  await page.keyboard.press('Enter');
  await expect(classifyPage.tiles).toHaveCount(2);
  await expect(classifyPage.tiles.getByRole('button').and(page.locator(':focus'))).toHaveCount(1);
});

test('one pending image is cancelled, and the other images get answers', async ({ page }) => {
  const release = await holdUploads(page);
  const aborted = page.waitForEvent('requestfailed');
  await classifyPage.choose(SAMPLES);
  await expect(classifyPage.tiles.first()).toContainText('Classifying');
  await expect(classifyPage.tiles.nth(1)).toContainText('Waiting');
  await classifyPage.tiles
    .first()
    .getByRole('button', { name: /^Remove / })
    .click();
  await aborted;
  release();
  await expect(summary(page)).toHaveText(/^2 images:/);
  await expect(classifyPage.tiles.filter({ hasText: ANSWERED })).toHaveCount(2);
});

test('images that could not be sent are retried', async ({ page }) => {
  await classifyPage.choose(SAMPLES.slice(0, 2));
  await expect(summary(page)).toHaveText(/^2 images:/);
  await page.route(CLASSIFICATIONS, (route) => route.abort('connectionrefused'));
  await classifyPage.choose(['../samples/cat.jpg', '../samples/mars.jpg'], 'Add images');
  await expect(summary(page)).toHaveText(/2 could not be sent/);
  await expect(
    classifyPage.tiles.filter({ hasText: 'The deepsky server does not respond' }),
  ).toHaveCount(2);
  await page.unroute(CLASSIFICATIONS);
  await classifyPage.list.getByRole('button', { name: 'Try again', exact: true }).click();
  await expect(summary(page)).toHaveText(/^4 images: 1 galaxy.* 2 without a deep-sky object/);
});

test('uploads to an overloaded server are retried automatically', ANY_SCREEN, async ({ page }) => {
  await page.route(
    CLASSIFICATIONS,
    (route) =>
      route.fulfill({
        status: 503,
        headers: { 'Retry-After': '1' },
        contentType: 'application/problem+json',
        json: { code: 'overloaded', detail: 'The server is processing 16 requests.' },
      }),
    { times: 2 },
  );
  await classifyPage.choose(SAMPLES);
  await expect(classifyPage.list.getByText('The server is busy')).toBeVisible();
  await expect(summary(page)).toHaveText(/^3 images: 1 galaxy, 1 nebula, and 1 star cluster/);
});

test('the upload progress is shown on a slow network', async ({ page }) => {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 60_000,
  });
  await classifyPage.choose('../samples/summer-palace.jpg');
  await expect(classifyPage.result.getByText(/^\d+% uploaded$/)).toBeVisible();
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await expect(classifyPage.bars).toHaveCount(4);
});

test('classification continues while other pages are visited', async ({ page }) => {
  const release = await holdUploads(page);
  await classifyPage.choose(SAMPLES);
  await expect(classifyPage.tiles).toHaveCount(3);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/reliable/);
  release();
  await expect.poll(() => storedNames(page)).toHaveLength(3);
  await page.getByRole('link', { name: 'Classify' }).click();
  await expect(classifyPage.tiles.filter({ hasText: ANSWERED })).toHaveCount(3);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  expect(await storedNames(page)).toHaveLength(3);
});

test('answers deleted in the history are removed from the list', ANY_SCREEN, async ({ page }) => {
  await classifyPage.choose(SAMPLES);
  await expect(summary(page)).toHaveText(/^3 images:/);
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('link', { name: /m-90\.jpg/ }).click();
  await (await classifyPage.menuItem('Delete')).click();
  await expect(page.getByRole('link', { name: /ngc-362\.jpg/ })).toBeVisible();
  await page.getByRole('link', { name: 'Classify' }).click();
  await expect(classifyPage.tiles).toHaveCount(2);
  await expect(classifyPage.tiles.filter({ hasText: 'm-90.jpg' })).toHaveCount(0);
  await expect.poll(() => storedNames(page)).toHaveLength(2);
});

test('the page warns before closing during classification, and keeps finished answers', async ({
  page,
}) => {
  await classifyPage.choose(SAMPLES[0] ?? []);
  await expect(classifyPage.bars).toHaveCount(4);
  const release = await holdUploads(page);
  await classifyPage.choose(SAMPLES.slice(1), 'Another image');
  await expect(classifyPage.tiles).toHaveCount(2);
  const dialogShown = page.waitForEvent('dialog');
  const reload = page.reload();
  const dialog = await dialogShown;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
  await reload;
  release();
  await expect(page.getByRole('button', { name: 'Choose images' })).toBeVisible();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('link', { name: /m-90\.jpg/ })).toBeVisible();
});

test(
  'two tabs have their own images and model but share the history',
  ANY_SCREEN,
  async ({ page }) => {
    await classifyPage.choose(SAMPLES);
    await expect(summary(page)).toHaveText(/^3 images:/);
    const other = new ClassifyPage(await page.context().newPage());
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.method()));
    await other.open();
    await other.sample('mars').click();
    await expect(other.bars).toHaveCount(4);
    const select = other.page.getByRole('combobox', { name: 'Model' });
    if (await select.isVisible()) await select.selectOption('vgg16');
    else await other.page.getByRole('radiogroup', { name: 'Model' }).getByText('VGG16').click();
    await expect.poll(() => storedNames(page)).toHaveLength(5);
    await expect(other.bars).toHaveCount(4);
    await expect(classifyPage.tiles).toHaveCount(3);
    expect(sent.filter((method) => method === 'POST')).toEqual([]);
  },
);

test('the button for taking a photo is shown only on phones', async ({ page, isMobile }) => {
  const button = page.getByRole('button', { name: 'Take a photo' });
  await expect(button).toBeVisible({ visible: isMobile });
  if (!isMobile) return;
  const chooser = page.waitForEvent('filechooser');
  await button.tap();
  await (await chooser).setFiles('../samples/ngc-1433.jpg');
  await expect(classifyPage.result.getByRole('heading', { name: /A galaxy/ })).toBeVisible();
  await expect(await classifyPage.menuItem('Take a photo')).toBeVisible();
});
