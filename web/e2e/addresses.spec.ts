import { expect, test } from '@playwright/test';

import { ClassifyPage, expectLoaded } from './classify-page';
import { classifySamples } from './classify-samples';
import { PAGES } from './pages';
import { ANY_SCREEN } from './screens';
import { createDataFolder, startServer } from './test-server';

test('the server knows the address of every page', async ({ page }) => {
  for (const path of PAGES) {
    const response = await page.goto(`/${path}`);
    expect(response?.status(), path).toBe(path === 'nowhere' ? 404 : 200);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const isFound = await page.getByRole('heading', { name: 'Page not found' }).isHidden();
    expect(isFound, path).toBe(path !== 'nowhere');
  }
});

test('addresses of earlier versions lead to the same pages', async ({ page }) => {
  await classifySamples(page, ['m-90']);
  await page.goto('/#/history?label=galaxy');
  await expect(page).toHaveURL('/history?label=galaxy');
  await page.getByRole('link', { name: /m-90\.jpg/ }).click();
  await expect(page).toHaveURL(/\/answers\/\w+$/);
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.goto('about:blank');
  await page.goto(`/#/history/${id}`);
  await expect(page).toHaveURL(`/answers/${id}`);
  await expect(page.getByRole('heading', { name: 'm-90.jpg' })).toBeVisible();
});

test('Back, Forward and a bookmark lead to the answer at its address', async ({ page }) => {
  const classifyPage = new ClassifyPage(page);
  await classifyPage.open();
  await classifyPage.sample('m-90').click();
  await expect(page).toHaveURL(/\/answers\/\w+$/);
  const bookmark = page.url();
  await page.goBack();
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('button', { name: 'Choose images' })).toBeVisible();
  await page.goForward();
  await expect(page).toHaveURL(bookmark);
  await expect(classifyPage.bars).toHaveCount(4);
  await page.goto('about:blank');
  await page.goto(bookmark);
  await expect(classifyPage.bars).toHaveCount(4);
});

test('the page works under a path of a site', ANY_SCREEN, async ({ browser }) => {
  const settings = { DEEPSKY_ROOT_PATH: '/deepsky', DEEPSKY_ACCESS: 'open' };
  const server = await startServer(createDataFolder(), settings);
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  const failed: string[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400 || !pathname.startsWith('/deepsky')) failed.push(pathname);
  });
  await page.goto('/deepsky');
  await expect(page).toHaveURL('/deepsky/');
  const classifyPage = new ClassifyPage(page);
  await classifyPage.sample('m-90').click();
  await expectLoaded(classifyPage.preview);
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('link', { name: /m-90\.jpg/ }).click();
  await expect(page).toHaveURL(/\/deepsky\/answers\/\w+$/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'm-90.jpg' })).toBeVisible();
  await page.getByRole('button', { name: 'Why?' }).click();
  await expectLoaded(classifyPage.overlay);
  await page.goto('/deepsky/learn/figures#set');
  await expect(page.locator('#set')).toBeInViewport();
  await page.goto('/deepsky/#/models');
  await expect(page).toHaveURL('/deepsky/models');
  expect(failed).toEqual([]);
  await context.close();
  await server.stop();
});
