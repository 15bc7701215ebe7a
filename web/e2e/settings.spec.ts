import { expect, test } from '@playwright/test';

import { tabTo, violations } from './access';
import { ClassifyPage, expectLoaded } from './classify-page';
import { type KeyedServer, startKeyedServer } from './own-server';
import { visit } from './pages';

test('the settings open, change and close with the keyboard alone', async ({ page }) => {
  await new ClassifyPage(page).open();
  await tabTo(page, /^Settings$/);
  await page.keyboard.press('Enter');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(settings.getByRole('radio', { name: 'As this device' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused();
});

test('single keys do nothing once they are turned off', async ({ page }) => {
  const at = new ClassifyPage(page);
  await at.open();
  await at.sample(/M 90/).click();
  await expectLoaded(at.overlay);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Single keys do something' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(at.result.locator('kbd')).toHaveCount(0);
  await page.keyboard.press('y');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Single keys do something' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(at.result.getByText('Is this right?')).toBeVisible();
  await page.keyboard.press('y');
  await expect(at.result.getByText(/You said: this is right/)).toBeVisible();
});

test.describe('a server that answers to keys alone', () => {
  let server: KeyedServer;

  test.beforeAll(async () => {
    server = await startKeyedServer();
  });

  test.afterAll(async () => {
    await server.stop();
  });

  test('asks for one, shows everything with it, and nothing without', async ({ browser }) => {
    const context = await browser.newContext({ baseURL: server.address });
    const page = await context.newPage();
    const gate = page.getByRole('heading', { name: 'This server asks for an API key' });
    await visit(page, 'history');
    await expect(gate).toBeVisible();
    expect(await violations(page)).toEqual([]);

    const enter = async (key: string) => {
      await page.getByLabel('API key').fill(key);
      await page.getByRole('button', { name: 'Use this key' }).click();
    };
    await enter('dsk_wrong');
    await expect(page.getByText(/does not know this API key/)).toBeVisible();
    await expect(page.getByLabel('API key')).toBeFocused();
    await enter(server.key);
    await expect(page.getByRole('heading', { name: 'Your answers' })).toBeVisible();

    const at = new ClassifyPage(page);
    await at.open();
    const answer = at.nextAnswer();
    await at.sample(/NGC 362/).click();
    await expectLoaded(at.preview);
    await expectLoaded(at.overlay);
    await visit(page, 'history');
    await expectLoaded(page.locator(`a[href*="${(await answer).id}"] img`));

    server.revoke();
    await page.reload();
    await expect(gate).toBeVisible();
    await expect(page.getByRole('alert')).toContainText('does not know this API key');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Remove the key' }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(gate).toBeVisible();
    await context.close();
  });
});
