import { expect, test } from '@playwright/test';

import { tabTo } from './accessibility';
import { visit } from './pages';
import { ANY_SCREEN } from './screens';

test('the first link skips the header', ANY_SCREEN, async ({ page }) => {
  for (const path of ['', 'history', 'learn', 'nowhere']) {
    await visit(page, path);
    await tabTo(page, /^Skip to the content$/);
    await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
    await expect(page).toHaveURL(`/${path}`);
  }
});

test('the page says that cookies are blocked, and still opens', ANY_SCREEN, async ({ page }) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  // As Chromium does it if cookies are blocked.
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setDocumentCookieDisabled', { disabled: true });
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      },
    });
  });
  for (const path of ['', 'history', 'models']) {
    await visit(page, path);
    await expect(page.getByRole('alert').filter({ hasText: 'blocks cookies' })).toBeVisible();
  }
  await visit(page, '');
  await page.getByRole('radiogroup', { name: 'Model' }).getByText('Compare all').click();
  await expect(page.getByRole('radio', { name: 'Compare all' })).toBeChecked();
  expect(errors).toEqual([]);
});

test.describe(() => {
  test.use({ javaScriptEnabled: false });

  test('without JavaScript, the page says what it needs', ANY_SCREEN, async ({ page }) => {
    await page.goto('/history');
    const notices = page.locator('noscript p');
    await expect(notices).toHaveText([/requires JavaScript/, /benötigt JavaScript/]);
    await expect(notices.first()).toBeVisible();
  });
});
