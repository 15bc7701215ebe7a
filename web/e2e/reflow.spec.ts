import { expect, type Page, test } from '@playwright/test';

import { ClassifyPage } from './classify-page';
import { PAGES, visit } from './pages';
import { ANY_SCREEN } from './screens';

// A window of 1280 × 1024 pixels at 400% zoom (WCAG 1.4.10).
test.use({ viewport: { width: 320, height: 256 }, locale: 'de-AT' });

/** Returns how far the page, or what is open over it, reaches beyond the window to the side. */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const open = document.querySelectorAll('[role=dialog], [role=menu]');
    const edges = [...open].map((one) => one.getBoundingClientRect().right);
    return Math.max(document.documentElement.scrollWidth, ...edges) - window.innerWidth;
  });

test('no page scrolls sideways at 400% zoom', ANY_SCREEN, async ({ page }) => {
  test.slow();
  for (const path of PAGES) {
    await visit(page, path);
    expect.soft(await overflow(page), path).toBeLessThanOrEqual(0);
  }
});

test('an answer, its menu and its dialogs fit at 400% zoom', ANY_SCREEN, async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' }); // the page scrolls at once
  await visit(page, '');
  await new ClassifyPage(page).sample('ngc-6229').click();
  const result = page.getByRole('region', { name: 'Antwort' });
  await expect(result.getByRole('meter')).toHaveCount(4);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  const tops = await Promise.all(
    ['Warum?', 'Anderes Bild', 'Mehr'].map(async (name) => {
      const box = await result.getByRole('button', { name, exact: true }).boundingBox();
      return box?.y;
    }),
  );
  expect(new Set(tops).size).toBe(1);
  await result.getByRole('button', { name: 'Mehr' }).press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Diese Antwort teilen' })).toBeVisible();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: 'Link erzeugen' }).scrollIntoViewIfNeeded();
  await expect(page.getByRole('button', { name: 'Link erzeugen' })).toBeInViewport({ ratio: 0.9 });
  await page.keyboard.press('Escape');
  await expect(result.getByRole('button', { name: 'Mehr' })).toBeFocused();
  await page.getByRole('button', { name: 'Hineinzoomen' }).click();
  await expect(page.getByRole('dialog').locator('[data-state=loaded]')).toBeVisible();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});
