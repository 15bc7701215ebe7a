import { expect, test } from '@playwright/test';

import { findViolations, tabTo } from './accessibility';
import { ClassifyPage, expectLoaded } from './classify-page';
import { visit } from './pages';
import { type KeyedServer, startKeyedServer } from './test-server';

test('the settings can be opened, changed and closed with the keyboard alone', async ({ page }) => {
  await new ClassifyPage(page).open();
  await expect(page.getByRole('button', { name: 'Settings' })).toBeVisible();
  await tabTo(page, /^Settings$/);
  await page.keyboard.press('Enter');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(settings.getByRole('radio', { name: 'System' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused();
});

test('keyboard shortcuts can be disabled', async ({ page }) => {
  const classifyPage = new ClassifyPage(page);
  await classifyPage.open();
  await classifyPage.sample('m-90').click();
  await expectLoaded(classifyPage.preview);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Keyboard shortcuts' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(classifyPage.result.locator('kbd')).toHaveCount(0);
  await page.keyboard.press('y');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Keyboard shortcuts' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(classifyPage.result.getByText('Is this answer correct?')).toBeVisible();
  await page.keyboard.press('y');
  await expect(classifyPage.result.getByText(/You marked the answer as correct/)).toBeVisible();
});

test.describe('a server that requires API keys', () => {
  let server: KeyedServer;

  test.beforeAll(async () => {
    server = await startKeyedServer();
  });

  test.afterAll(async () => {
    await server.stop();
  });

  test('requires a key, accepts a valid one, and rejects a revoked one', async ({ browser }) => {
    const context = await browser.newContext({ baseURL: server.url });
    const page = await context.newPage();
    const gate = page.getByRole('heading', { name: 'API key required' });
    await visit(page, 'history');
    await expect(gate).toBeVisible();
    expect(await findViolations(page)).toEqual([]);

    const enter = async (key: string) => {
      await page.getByLabel('API key').fill(key);
      await page.getByRole('button', { name: 'Use this key' }).click();
    };
    await enter('dsk_wrong');
    await expect(page.getByText(/API key is unknown/)).toBeVisible();
    await expect(page.getByLabel('API key')).toBeFocused();
    await enter(server.key);
    await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();

    const classifyPage = new ClassifyPage(page);
    await classifyPage.open();
    const answer = classifyPage.nextAnswer();
    await classifyPage.sample('ngc-362').click();
    await expectLoaded(classifyPage.preview);
    await classifyPage.askWhy();
    await visit(page, 'history');
    await expectLoaded(page.locator(`a[href*="${(await answer).id}"] img`));

    server.revoke();
    await page.reload();
    await expect(gate).toBeVisible();
    await expect(page.getByRole('alert')).toContainText('API key is unknown');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Remove key' }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(gate).toBeVisible();
    await context.close();
  });
});
