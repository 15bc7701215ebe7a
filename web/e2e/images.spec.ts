import { writeFileSync } from 'node:fs';

import { expect, type Page, test } from '@playwright/test';

import type { AnswerPage } from '@/lib/api-client';

import { tabTo, violations } from './access';
import { ClassifyPage, expectLoaded } from './classify-page';
import { ANY_SCREEN } from './screens';

const CLASSIFICATIONS = '**/api/v1/classifications';
const SAMPLES = ['m-90', 'ngc-362', 'ngc-3199'].map((name) => `../samples/${name}.jpg`);
const ANSWERED = /Galaxy|Nebula|Star cluster/;

let at: ClassifyPage;

test.beforeEach(async ({ page }) => {
  at = new ClassifyPage(page);
  await at.open();
});

const summary = (page: Page) =>
  page.getByRole('region', { name: 'Your images' }).getByRole('status');

/** What the server keeps of this browser's answers, the newest first: the names of the images. */
const kept = async (page: Page): Promise<string[]> => {
  const reply = await page.request.get('/api/v1/classifications');
  return ((await reply.json()) as AnswerPage).items.map(({ path }) => path);
};

/** Has the server get nothing of the images that the page sends, until it is told to go on. */
const holdSending = async (page: Page): Promise<() => void> => {
  let goOn = (): void => undefined;
  const told = new Promise<void>((resolve) => (goOn = resolve));
  await page.route(CLASSIFICATIONS, async (route) => {
    await told;
    await route.continue();
  });
  return goOn;
};

test('several images are answered each, one that is none says so and stops no other', async ({
  page,
}, info) => {
  const bad = info.outputPath('diary.jpg');
  writeFileSync(bad, 'Dear diary');
  await at.choose([...SAMPLES, bad]);
  await expect(at.tiles).toHaveCount(4);
  await expect(summary(page)).toHaveText(
    '4 images: 1 galaxy, 1 nebula, 1 star cluster, and 1 could not be read.',
  );
  await expect(at.tiles.filter({ hasText: 'diary.jpg' })).toContainText(/No answer.*format/);
  await expectLoaded(at.tiles.filter({ hasText: 'm-90.jpg' }).locator('img'));
  expect(await violations(page)).toEqual([]);
  await at.tiles.filter({ hasText: 'ngc-362.jpg' }).getByRole('button').first().click();
  await expect(at.result.getByRole('heading', { name: /A star cluster/ })).toBeVisible();
  await expectLoaded(at.overlay);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(at.preview).toHaveAttribute('alt', /ngc-3199|m-90/);
  await page.goBack();
  await expect(at.tiles).toHaveCount(4);
  expect((await kept(page)).toSorted()).toEqual(['m-90.jpg', 'ngc-3199.jpg', 'ngc-362.jpg']);
});

test('with the keyboard alone the images of a list are opened, judged and taken off', async ({
  page,
}) => {
  await at.choose(SAMPLES);
  await expect(summary(page)).toHaveText(/^3 images:/);
  await expect(at.list).toBeFocused();
  await tabTo(page, /ngc-362\.jpg$/);
  await page.keyboard.press('Enter');
  await expect(at.result).toBeFocused();
  await expect(at.bars).toHaveCount(4);
  await page.keyboard.press('y');
  await expect(page.getByText('You said: this is right.')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('3 of 3')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText('2 of 3')).toBeVisible();
  await page.keyboard.press('Escape');
  const opened = at.tiles.filter({ hasText: 'ngc-362.jpg' });
  await expect(opened.getByRole('button').first()).toBeFocused();
  await expect(opened).toContainText('You said: right');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(at.tiles).toHaveCount(2);
  await expect(at.tiles.getByRole('button').and(page.locator(':focus'))).toHaveCount(1);
});

test('one image of many is cancelled, and the others are answered', async ({ page }) => {
  const goOn = await holdSending(page);
  const aborted = page.waitForEvent('requestfailed');
  await at.choose(SAMPLES);
  await expect(at.tiles.first()).toContainText('Looking at it');
  await expect(at.tiles.nth(1)).toContainText('Waiting for its turn');
  await at.tiles.first().getByRole('button', { name: /^Take / }).click();
  await aborted;
  goOn();
  await expect(summary(page)).toHaveText(/^2 images:/);
  await expect(at.tiles.filter({ hasText: ANSWERED })).toHaveCount(2);
});

test('what cannot be sent because the server is down is tried again', async ({ page }) => {
  await at.choose(SAMPLES.slice(0, 2));
  await expect(summary(page)).toHaveText(/^2 images:/);
  await page.route(CLASSIFICATIONS, (route) => route.abort('connectionrefused'));
  await at.choose(['../samples/cat.jpg', '../samples/mars.jpg'], 'Add images');
  await expect(summary(page)).toHaveText(/2 could not be sent/);
  await expect(at.tiles.filter({ hasText: 'The deepsky server does not answer' })).toHaveCount(2);
  await page.unroute(CLASSIFICATIONS);
  await at.list.getByRole('button', { name: 'Try again', exact: true }).click();
  await expect(summary(page)).toHaveText(/^4 images: 1 galaxy.* 2 of something else/);
});

test('a server with too much to do is waited for', ANY_SCREEN, async ({ page }) => {
  await page.route(
    CLASSIFICATIONS,
    (route) =>
      route.fulfill({
        status: 503,
        headers: { 'Retry-After': '1' },
        contentType: 'application/problem+json',
        json: { code: 'overloaded', detail: 'The server works on 16 requests already.' },
      }),
    { times: 2 },
  );
  await at.choose(SAMPLES);
  await expect(at.list.getByText('The server is busy')).toBeVisible();
  await expect(summary(page)).toHaveText(/^3 images: 1 galaxy, 1 nebula, and 1 star cluster/);
});

test('on a slow network it says how much is sent', async ({ page }) => {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 60_000,
  });
  await at.choose('../samples/summer-palace.jpg');
  await expect(at.result.getByText(/^\d+% sent$/)).toBeVisible();
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await expect(at.bars).toHaveCount(4);
});

test('images and answers stay while one looks at other pages, and go on being answered', async ({
  page,
}) => {
  const goOn = await holdSending(page);
  await at.choose(SAMPLES);
  await expect(at.tiles).toHaveCount(3);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/trusted/);
  goOn();
  await expect.poll(() => kept(page)).toHaveLength(3);
  await page.getByRole('link', { name: 'Classify' }).click();
  await expect(at.tiles.filter({ hasText: ANSWERED })).toHaveCount(3);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  expect(await kept(page)).toHaveLength(3);
});

test('what is deleted elsewhere is gone from the list', ANY_SCREEN, async ({ page }) => {
  await at.choose(SAMPLES);
  await expect(summary(page)).toHaveText(/^3 images:/);
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('link', { name: /m-90\.jpg/ }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('link', { name: /ngc-362\.jpg/ })).toBeVisible();
  await page.getByRole('link', { name: 'Classify' }).click();
  await expect(at.tiles).toHaveCount(2);
  await expect(at.tiles.filter({ hasText: 'm-90.jpg' })).toHaveCount(0);
  expect(await kept(page)).toHaveLength(2);
});

test('leaving in mid-flight is asked about, and what was answered is in the history', async ({
  page,
}) => {
  await at.choose(SAMPLES[0] ?? []);
  await expect(at.bars).toHaveCount(4);
  const goOn = await holdSending(page);
  await at.choose(SAMPLES.slice(1), 'Another image');
  await expect(at.tiles).toHaveCount(2);
  const asked = page.waitForEvent('dialog');
  const reload = page.reload();
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
  await reload;
  goOn();
  await expect(page.getByRole('button', { name: 'Choose images' })).toBeVisible();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('link', { name: /m-90\.jpg/ })).toBeVisible();
});

test('two tabs each have their own images and model, and one history', ANY_SCREEN, async ({
  page,
}) => {
  await at.choose(SAMPLES);
  await expect(summary(page)).toHaveText(/^3 images:/);
  const other = new ClassifyPage(await page.context().newPage());
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.method()));
  await other.open();
  await other.sample(/Mars/).click();
  await expect(other.bars).toHaveCount(4);
  const select = other.page.getByRole('combobox', { name: 'Who answers' });
  if (await select.isVisible()) await select.selectOption('vgg16');
  else await other.page.getByRole('radiogroup', { name: 'Who answers' }).getByText('VGG16').click();
  await expect.poll(() => kept(page)).toHaveLength(5);
  await expect(other.bars).toHaveCount(4);
  await expect(at.tiles).toHaveCount(3);
  expect(sent.filter((method) => method === 'POST')).toEqual([]);
});

test('a phone takes a photo, other devices do not offer it', async ({ page, isMobile }) => {
  const button = page.getByRole('button', { name: 'Take a photo' });
  await expect(button).toBeVisible({ visible: isMobile });
  if (!isMobile) return;
  const chooser = page.waitForEvent('filechooser');
  await button.tap();
  await (await chooser).setFiles('../samples/ngc-1433.jpg');
  await expect(at.result.getByRole('heading', { name: /A galaxy/ })).toBeVisible();
  await expect(at.result.getByRole('button', { name: 'Take a photo' })).toBeVisible();
});
