import { expect, test } from '@playwright/test';

import { findViolations } from './accessibility';
import { ClassifyPage, expectLoaded } from './classify-page';
import { ANY_SCREEN } from './screens';

test(
  'a link shows an answer to others, who cannot change it, until it is withdrawn',
  ANY_SCREEN,
  async ({ page, browser }) => {
    const classifyPage = new ClassifyPage(page);
    await classifyPage.open();
    await classifyPage.sample('ngc-6229').click();
    await expectLoaded(classifyPage.preview);
    await (await classifyPage.menuItem('Share')).click();
    const dialog = page.getByRole('dialog', { name: 'Share this answer' });
    await expect(dialog).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create a link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();

    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto(link);
    await expect(other.getByRole('heading', { name: 'A shared answer' })).toBeVisible();
    const shown = new ClassifyPage(other);
    await expectLoaded(shown.preview);
    await expect(shown.bars).toHaveCount(4);
    await expect(other.getByText('ngc-6229.jpg')).toHaveCount(0);
    for (const name of ['Yes', 'No'])
      await expect(other.getByRole('button', { name, exact: true })).toHaveCount(0);
    expect(await findViolations(other)).toEqual([]);
    await shown.menuItem('Save image');
    for (const name of ['Share', 'Delete', 'Look for objects in this image'])
      await expect(other.getByRole('menuitem', { name })).toHaveCount(0);
    await other.keyboard.press('Escape');
    await other.getByRole('link', { name: 'History' }).click();
    await expect(other.getByRole('heading', { name: 'History' })).toBeVisible();
    await expect(other.getByRole('link', { name: /ngc-6229/ })).toHaveCount(0);

    await page.getByRole('button', { name: 'Withdraw the link' }).click();
    await expect(page.getByRole('button', { name: 'Create a link' })).toBeVisible();
    await other.goto(link);
    await expect(
      other.getByRole('heading', { name: 'Nothing is shared at this address' }),
    ).toBeVisible();
    await context.close();
  },
);
