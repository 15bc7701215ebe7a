import { expect, test } from '@playwright/test';

import { findViolations } from './accessibility';
import { ClassifyPage } from './classify-page';
import { ANY_SCREEN } from './screens';

test(
  'objects are found on request, and their boxes can be hidden',
  ANY_SCREEN,
  async ({ page }) => {
    const classifyPage = new ClassifyPage(page);
    let searches = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/objects')) searches++;
    });
    await classifyPage.open();
    await classifyPage.choose('../samples/m-90.jpg');
    await expect(classifyPage.bars).toHaveCount(4);
    expect(searches).toBe(0);
    await (await classifyPage.menuItem('Look for objects in this image')).click();
    const boxes = page.getByRole('img', { name: /^Boxes around found objects: .*\d%/ });
    await expect(boxes).toBeVisible();
    await expect(page.getByText(/objects? (was|were) found/)).toBeVisible();
    expect(await boxes.locator('rect').count()).toBeGreaterThan(0);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('switch', { name: 'Found objects' }).press('Space');
    await expect(boxes).toHaveCount(0);
    await page.getByRole('switch', { name: 'Found objects' }).press('Space');
    await expect(boxes).toBeVisible();
    expect(searches).toBe(1);
  },
);
