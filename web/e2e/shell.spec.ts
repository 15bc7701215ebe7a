import { expect, type Page, test } from '@playwright/test';

import { PAGES } from './pages';
import { ANY_SCREEN } from './screens';

const LANGUAGES = ['en', 'de'];

const OPTIONS = { viewport: { width: 1280, height: 800 } };

/** The lead of the page, which is the first text that is long enough to show a wrong font. */
const leadBox = (page: Page) => page.locator('h1 + p').filter({ visible: true }).boundingBox();

/** The texts of the page that are visible and do not depend on data of the server. */
const textsOf = (page: Page): Promise<string[]> =>
  page
    .locator('h1, h2, h1 + p, section p, section li, dd')
    .evaluateAll((elements) =>
      elements.filter((element) => element.checkVisibility()).map((element) => element.textContent),
    );

for (const language of LANGUAGES)
  for (const path of PAGES)
    test(
      `/${path} shows its text before its code is loaded: ${language}`,
      ANY_SCREEN,
      async ({ browser, baseURL }) => {
        const context = await browser.newContext({
          ...OPTIONS,
          ...(baseURL !== undefined && { baseURL }),
          locale: language,
        });
        const page = await context.newPage();
        // What is loaded while the browser is idle is not part of what the page first shows.
        await page.addInitScript(() => {
          window.requestIdleCallback = () => 0;
        });
        // The data of the server does not arrive either, so that both show the same.
        await page.route('**/api/v1/**', () => undefined);
        await page.route('**/assets/*.js', (route) => route.abort());
        await page.goto(`/${path}`);
        await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
        await page.evaluate(() => document.fonts.ready);
        const shell = await textsOf(page);
        const box = await leadBox(page);

        await page.unroute('**/assets/*.js');
        await page.goto(`/${path}`);
        await page.waitForFunction(() => performance.getEntriesByName('usable').length > 0);
        expect(shell).toEqual(await textsOf(page));
        expect(box).toEqual(await leadBox(page));
        const sheets = await page
          .locator('link[rel=stylesheet]')
          .evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href));
        expect(new Set(sheets).size).toBe(sheets.length);
        await context.close();
      },
    );
