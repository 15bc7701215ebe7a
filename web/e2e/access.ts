import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const ENOUGH = 60;

/** What axe finds wrong with the page as it stands. */
export const violations = async (page: Page): Promise<string[]> => {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(', ')}`);
};

/** Presses Tab until the element of that name has the focus, as a person would. */
export const tabTo = async (page: Page, name: RegExp): Promise<void> => {
  for (let presses = 0; presses < ENOUGH; presses++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    const label = await focused.evaluate(
      (one: HTMLInputElement) => one.labels?.[0]?.textContent ?? one.textContent,
    );
    if (name.test(label)) return;
  }
  throw new Error(`Tab does not lead to ${name.source}.`);
};
