import { expect, type Page, test } from '@playwright/test';

import { findViolations } from './accessibility';
import { ClassifyPage } from './classify-page';
import { classifySamples } from './classify-samples';
import { type Proxy, startProxy } from './proxy';
import { ANY_SCREEN } from './screens';
import { createDataFolder, startKeyedServer, startServer } from './test-server';

test.use({ serviceWorkers: 'allow' });

const tiles = (page: Page) => page.getByRole('list', { name: 'History' }).getByRole('link');

const notice = (page: Page) => page.getByText('Offline: the deepsky server does not respond.');

/** Waits until the service worker handles the requests of the page. */
const waitForWorker = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (navigator.serviceWorker.controller?.state !== 'activated')
      await new Promise((resolve) => setTimeout(resolve, 50));
  });

/** Returns the paths of the responses of the API that the browser keeps. */
const keptPaths = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return kept
      .flat()
      .map(({ url }) => new URL(url).pathname)
      .filter((path) => path.includes('/api/'));
  });

/** Opens the history with the service worker, until the list and its images are kept. */
const seeHistory = async (page: Page, url: string): Promise<void> => {
  await page.goto(`${url}/history`);
  await waitForWorker(page);
  await page.reload();
  await expect(tiles(page)).toHaveCount(2);
  await expect
    .poll(async () => (await keptPaths(page)).filter((path) => path.endsWith('/image')))
    .toHaveLength(2);
  await expect
    .poll(() => keptPaths(page))
    .toContainEqual(expect.stringMatching(/\/classifications$/));
};

let proxy: Proxy;

test.beforeEach(async ({ baseURL, page }) => {
  proxy = await startProxy(baseURL ?? '');
  await classifySamples(page, ['m-90', 'ngc-3199']);
});

test.afterEach(() => {
  proxy.stop();
});

test('the history is shown as last seen, and reloaded when the server responds', async ({
  page,
}) => {
  await seeHistory(page, proxy.url);
  await tiles(page).first().click();
  await expect(page.getByRole('main').getByRole('meter')).toHaveCount(4);
  await expect.poll(() => keptPaths(page)).toContainEqual(expect.stringMatching(/[0-9a-f]{32}$/));
  await page.goto(`${proxy.url}/history`);
  await expect(tiles(page)).toHaveCount(2);
  await expect(notice(page)).toBeHidden();

  proxy.stop();
  await page.reload();
  await expect(notice(page)).toBeVisible();
  await expect(tiles(page)).toHaveCount(2);
  expect(await findViolations(page)).toEqual([]);
  const widths = () =>
    tiles(page)
      .locator('img')
      .evaluateAll((images: HTMLImageElement[]) => images.map((image) => image.naturalWidth > 0));
  await expect.poll(widths).toEqual([true, true]);
  await tiles(page).first().click();
  await expect(page.getByRole('main').getByRole('meter')).toHaveCount(4);

  await proxy.start();
  await expect(notice(page)).toBeHidden();
});

test('a new person finds no answers in the browser', ANY_SCREEN, async ({ page }) => {
  await seeHistory(page, proxy.url);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New person' }).click();
  await expect(page.getByText('A new session has started.')).toBeVisible();
  await expect.poll(() => keptPaths(page)).toEqual([]);
  proxy.stop();
  await page.goto(`${proxy.url}/history`);
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(tiles(page)).toHaveCount(0);
});

test('deleted answers are forgotten', ANY_SCREEN, async ({ page }) => {
  await seeHistory(page, proxy.url);
  await page.getByRole('checkbox', { name: 'Select m-90.jpg' }).check();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(tiles(page)).toHaveCount(1);
  await page.goto(`${proxy.url}/learn`); // sends the deletion
  await expect
    .poll(async () => (await keptPaths(page)).filter((path) => path.includes('classifications')))
    .toEqual([]);
});

test('nothing is kept of a session that ends with the browser', ANY_SCREEN, async ({ page }) => {
  await seeHistory(page, proxy.url);
  await page.request.put('/api/v1/session', { data: { remembered: false } });
  await page.reload();
  await expect(tiles(page)).toHaveCount(2);
  await expect.poll(() => keptPaths(page)).toEqual([]);
});

test('without a connection, the home page says so once', ANY_SCREEN, async ({ page }) => {
  await seeHistory(page, proxy.url);
  proxy.stop();
  await page.goto(proxy.url);
  await expect(notice(page)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Choose images' })).toBeVisible();
  await expect(page.getByText('Something went wrong')).toHaveCount(0);
  await proxy.start();
  await expect(page.getByRole('radiogroup', { name: 'Model' })).toBeVisible();
  await expect(notice(page)).toBeHidden();
});

for (const status of [401, 403])
  test(
    `the answers are forgotten if the server responds ${status}`,
    ANY_SCREEN,
    async ({ page }) => {
      await seeHistory(page, proxy.url);
      proxy.refuse(status);
      await page.reload();
      await expect.poll(() => keptPaths(page)).toEqual([]);
      await expect(tiles(page)).toHaveCount(0);
    },
  );

test('a new version of the page replaces the kept one', ANY_SCREEN, async ({ page }) => {
  const version = () =>
    page.evaluate(() => document.querySelector<HTMLMetaElement>('meta[name=version]')?.content);
  const keptVersions = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return kept
        .flat()
        .filter(({ url }) => url.includes('/index.html'))
        .map(({ url }) => new URL(url).searchParams.get('__WB_REVISION__'));
    });
  proxy.deploy('one');
  await page.goto(proxy.url);
  await waitForWorker(page);
  proxy.deploy('two');
  await page.reload();
  expect(await version()).toBe('two');
  await expect.poll(keptVersions).toEqual(['two']);
  proxy.stop();
  await page.reload();
  expect(await version()).toBe('two');
});

test('the page works without a connection under a path', ANY_SCREEN, async ({ browser }) => {
  const server = await startServer(createDataFolder(), {
    DEEPSKY_ROOT_PATH: '/deepsky',
    DEEPSKY_ACCESS: 'open',
  });
  const page = await browser.newPage({ baseURL: server.url, serviceWorkers: 'allow' });
  const url = new URL('/deepsky', server.url).href;
  await classifySamples(page, ['m-90', 'ngc-3199'], '/deepsky/');
  await seeHistory(page, url);
  await server.stop();
  await page.reload();
  await expect(notice(page)).toBeVisible();
  await expect(tiles(page)).toHaveCount(2);
  await page.close();
});

test('a proxy can offer the page under a path', ANY_SCREEN, async ({ browser }) => {
  const server = await startServer(createDataFolder(), {
    DEEPSKY_TRUSTED_PROXY: '127.0.0.1',
    DEEPSKY_ACCESS: 'open',
  });
  const front = await startProxy(server.url, '/deepsky');
  const page = await browser.newPage({ baseURL: front.url, serviceWorkers: 'allow' });
  await classifySamples(page, ['m-90', 'ngc-3199'], '/deepsky/');
  await seeHistory(page, front.url);
  const paths = await keptPaths(page);
  expect(paths.filter((path) => !path.startsWith('/deepsky/api/'))).toEqual([]);
  front.stop();
  await page.reload();
  await expect(notice(page)).toBeVisible();
  await expect(tiles(page)).toHaveCount(2);
  await page.close();
  await server.stop();
});

test('only the last 300 responses are kept', ANY_SCREEN, async ({ page }) => {
  await seeHistory(page, proxy.url);
  await page.evaluate(async () => {
    const name = (await caches.keys()).find((one) => one.includes('answers')) ?? '';
    const cache = await caches.open(name);
    const kept = await cache.keys();
    for (let index = kept.length; index < 300; index++)
      await cache.put(`api/v1/classifications?cursor=${index}`, new Response('{}'));
  });
  expect(await keptPaths(page)).toHaveLength(300);
  await page.goto(`${proxy.url}/history?sort=most_uncertain`);
  await expect(tiles(page)).toHaveCount(2);
  const latest = () =>
    page.evaluate(async () => {
      const name = (await caches.keys()).find((one) => one.includes('answers')) ?? '';
      return (await (await caches.open(name)).keys()).some(({ url }) => url.includes('uncertain'));
    });
  await expect.poll(latest).toBe(true);
  await expect.poll(async () => (await keptPaths(page)).length).toBe(300);
});

test('nothing is kept of a key that was revoked', ANY_SCREEN, async ({ browser }) => {
  const server = await startKeyedServer();
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'allow' });
  const page = await context.newPage();
  await page.addInitScript((key) => {
    localStorage.setItem('deepsky-api-key', JSON.stringify(key));
  }, server.key);
  await page.goto('/');
  await new ClassifyPage(page).sample('ngc-362').click();
  await expect(page.getByRole('meter')).toHaveCount(4);
  await page.goto('/history');
  await waitForWorker(page);
  await page.reload();
  await expect(tiles(page)).toHaveCount(1);
  await expect
    .poll(() => keptPaths(page))
    .toContainEqual(expect.stringMatching(/\/classifications$/));
  server.revoke();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'API key required' })).toBeVisible();
  await expect.poll(() => keptPaths(page)).toEqual([]);
  await context.close();
  await server.stop();
});
