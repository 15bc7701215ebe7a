import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const ENOUGH = 60;

type Findings = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

const told = (found: Findings) =>
  found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(', ')}`);

/** Axe, without the empty page that it otherwise opens each time for what lies in frames. */
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode();

/** What axe finds wrong with the page as it stands. */
export const violations = async (page: Page): Promise<string[]> =>
  told((await axe(page).analyze()).violations);

/** Axe's rules on colours. Asked for by their tag, one that is stricter than WCAG's AA comes along. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe finds wrong with its colours, which is all that a theme changes. */
export const faint = async (page: Page): Promise<string[]> =>
  told((await axe(page).withRules(COLOURS).analyze()).violations);

interface Colours {
  fgColor: string;
  bgColor: string;
  expectedContrastRatio: string;
}

/** What is too faint, the texts among it for which only the red of their colours is lit. */
export const faintInRed = async (page: Page): Promise<string[]> => {
  const colours = await axe(page).withRules(COLOURS).analyze();
  const read = colours.passes.flatMap(({ nodes }) => nodes);
  const unread = read
    .filter(({ any }) => {
      const pair = any[0]?.data as Colours | null;
      if (!pair?.fgColor) return false;
      const [darker, lighter] = [redLight(pair.fgColor), redLight(pair.bgColor)].toSorted(
        (a, b) => a - b,
      );
      const contrast = ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
      return contrast < parseFloat(pair.expectedContrastRatio);
    })
    .map(({ html }) => html);
  return [...told(colours.violations), ...unread];
};

/** The relative luminance (WCAG) of the red in a colour such as `#ff8800`. */
const redLight = (colour: string): number => {
  const red = parseInt(colour.slice(1, 3), 16) / 255;
  return 0.2126 * (red <= 0.04045 ? red / 12.92 : ((red + 0.055) / 1.055) ** 2.4);
};

/** How many pixels of the page hold any green or blue, from its top to its end. */
export const pixelsBeyondRed = async (page: Page): Promise<number> => {
  const screens = await page.evaluate(() =>
    Math.ceil(document.documentElement.scrollHeight / window.innerHeight),
  );
  let found = 0;
  for (let screen = 0; screen < screens; screen++) {
    await page.evaluate((number) => {
      window.scrollTo({ top: number * window.innerHeight, behavior: 'instant' });
    }, screen);
    found += await lightBeyondRed(page, (await page.screenshot()).toString('base64'));
  }
  return found;
};

const lightBeyondRed = (page: Page, screenshot: string): Promise<number> =>
  page.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    // The last row and column of an emulated screen may lie only partly on it.
    const [width, height] = [image.width - 1, image.height - 1];
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    if (canvas === null) throw new Error('There is no canvas to look at the image with.');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, width, height);
    return data.filter((value, index) => index % 4 !== 0 && index % 4 !== 3 && value > 0).length;
  }, screenshot);

/** Presses Tab until the element of that name has the focus, as a person would. */
export const tabTo = async (page: Page, name: RegExp): Promise<void> => {
  for (let presses = 0; presses < ENOUGH; presses++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    const label = await focused.evaluate(
      (one: HTMLInputElement) =>
        one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent,
    );
    if (name.test(label)) return;
  }
  throw new Error(`Tab does not lead to ${name.source}.`);
};
