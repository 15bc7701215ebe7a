import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const MAX_PRESSES = 60;

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

const describe = (violations: Violations) =>
  violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(', ')}`);

/**
 * Returns an Axe builder in legacy mode, so that Axe does not open a second page to check frames.
 */
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode();

/** Rules that Axe does not apply by default. `target-size` is part of WCAG 2.2 AA. */
const FURTHER_RULES = {
  'label-content-name-mismatch': { enabled: true },
  'target-size': { enabled: true },
};

/** Returns the accessibility violations on the page: WCAG 2.2 AA and best practices. */
export const findViolations = async (page: Page): Promise<string[]> =>
  describe((await axe(page).options({ rules: FURTHER_RULES }).analyze()).violations);

/**
 * The Axe colour rules for WCAG level AA. The tag `cat.color` would also select a level-AAA rule.
 */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * Returns the violations of the colour rules on the page. All other rules are independent of the
 * theme.
 */
export const findColourViolations = async (page: Page): Promise<string[]> =>
  describe((await axe(page).withRules(COLOUR_RULES).analyze()).violations);

interface Colours {
  fgColor: string;
  bgColor: string;
  expectedContrastRatio: string;
}

/** Returns the violations of the colour rules on the page, both in full colour and in red only. */
export const findRedViolations = async (page: Page): Promise<string[]> => {
  const results = await axe(page).withRules(COLOUR_RULES).analyze();
  const checked = results.passes.flatMap(({ nodes }) => nodes);
  const faint = checked
    .filter(({ any }) => {
      const pair = any[0]?.data as Colours | null;
      if (!pair?.fgColor) return false;
      const [darker, lighter] = [redLuminance(pair.fgColor), redLuminance(pair.bgColor)].toSorted(
        (a, b) => a - b,
      );
      const contrast = ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
      return contrast < parseFloat(pair.expectedContrastRatio);
    })
    .map(({ html }) => html);
  return [...describe(results.violations), ...faint];
};

/** Returns the contribution of red to a colour's relative luminance, as defined in WCAG. */
const redLuminance = (colour: string): number => {
  const red = parseInt(colour.slice(1, 3), 16) / 255;
  return 0.2126 * (red <= 0.04045 ? red / 12.92 : ((red + 0.055) / 1.055) ** 2.4);
};

/** Counts the nonzero green and blue pixel values in screenshots that cover the whole page. */
export const countNonRedPixels = async (page: Page): Promise<number> => {
  const screens = await page.evaluate(() =>
    Math.ceil(document.documentElement.scrollHeight / window.innerHeight),
  );
  let count = 0;
  for (let screen = 0; screen < screens; screen++) {
    await page.evaluate((number) => {
      window.scrollTo({ top: number * window.innerHeight, behavior: 'instant' });
    }, screen);
    count += await countNonRedInWindow(page);
  }
  return count;
};

/** Counts the nonzero green and blue pixel values in a screenshot of the window. */
export const countNonRedInWindow = async (page: Page): Promise<number> => {
  const pixels = await pixelsOf(page);
  return pixels.evaluate(
    (data) => data.filter((value, index) => index % 4 !== 0 && index % 4 !== 3 && value > 0).length,
  );
};

/** Returns the highest red value in a screenshot of the window. */
export const brightestRed = async (page: Page): Promise<number> => {
  const pixels = await pixelsOf(page);
  return pixels.evaluate((data) =>
    data.reduce((most, value, index) => (index % 4 === 0 ? Math.max(most, value) : most), 0),
  );
};

/** Returns the red, green, blue and opacity values of the pixels in a screenshot of the window. */
const pixelsOf = async (page: Page) =>
  page.evaluateHandle(
    async (png) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      // Emulated screens may cut off part of the last row and column of a screenshot.
      const [width, height] = [image.width - 1, image.height - 1];
      const canvas = new OffscreenCanvas(width, height).getContext('2d');
      if (canvas === null) throw new Error('No canvas context.');
      canvas.drawImage(image, 0, 0);
      return canvas.getImageData(0, 0, width, height).data;
    },
    (await page.screenshot()).toString('base64'),
  );

/** Presses Tab until an element whose label matches `name` has focus. */
export const tabTo = async (page: Page, name: RegExp): Promise<void> => {
  for (let presses = 0; presses < MAX_PRESSES; presses++) {
    await page.keyboard.press('Tab');
    // The button in a date field has the focus without matching `:focus`.
    const label = await page.evaluate(() => {
      const one = document.activeElement as HTMLInputElement;
      return one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent;
    });
    if (name.test(label)) return;
  }
  throw new Error(`Tab does not reach ${name.source}.`);
};
