import { expect, type Page, test } from '@playwright/test';

import { ClassifyPage, expectLoaded } from './classify-page';
import { ANY_SCREEN } from './screens';

/** Phones, and a window of 1280 × 800 pixels at 200% zoom. */
const SIZES = [
  { width: 375, height: 553 },
  { width: 390, height: 664 },
  { width: 640, height: 400 },
];

/** Samples with a name, without a name, and with a long or uncertain answer. */
const SAMPLES = ['ngc-3199', 'cat', 'ngc-3293'] as const;

const LANGUAGES = {
  en: { yes: /^Yes/, no: /^No/ },
  de: { yes: /^Ja/, no: /^Nein/ },
};

const expectInView = async (page: Page, { yes, no }: { yes: RegExp; no: RegExp }) => {
  const { result } = new ClassifyPage(page);
  const sheet = page.locator('[data-answer-sheet]');
  await expect(result.or(sheet).first()).toBeVisible();
  for (const element of [
    sheet.getByRole('heading', { level: 2 }).first(),
    sheet.getByRole('button', { name: yes }),
    sheet.getByRole('button', { name: no }),
  ]) {
    await expect(element).toBeInViewport({ ratio: 1 });
  }
};

for (const [language, buttons] of Object.entries(LANGUAGES)) {
  for (const size of SIZES) {
    test(
      `headline and buttons are visible at once: ${language}, ${size.width} × ${size.height}`,
      ANY_SCREEN,
      async ({ browser, baseURL }) => {
        const context = await browser.newContext({
          ...(baseURL !== undefined && { baseURL }),
          viewport: size,
          locale: language,
          hasTouch: true,
          reducedMotion: 'reduce',
        });
        const page = await context.newPage();
        const classifyPage = new ClassifyPage(page);
        await page.goto('/');
        for (const sample of SAMPLES) {
          const answer = classifyPage.nextAnswer();
          await classifyPage.sample(sample).click();
          const { id } = await answer;
          await expectLoaded(page.locator(`img[src*="${id}/image"]`));
          await expectInView(page, buttons);
        }
        const answer = classifyPage.nextAnswer();
        await classifyPage.sample(SAMPLES[0]).click();
        const { id } = await answer;
        // A new tab, because the same one restores the scroll position.
        const bookmark = await context.newPage();
        await bookmark.goto(`/answers/${id}`);
        await expectLoaded(bookmark.locator(`img[src*="${id}/image"]`));
        await expectInView(bookmark, buttons);
        await context.close();
      },
    );
  }
}
