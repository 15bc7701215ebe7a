import { expect, test } from '@playwright/test';

import type { Card } from '@/lib/api-client';

import { tabTo } from './access';
import { ClassifyPage, expectLoaded } from './classify-page';
import { visit } from './pages';

test('all that is to learn can be reached with the keyboard alone', async ({ page }) => {
  await new ClassifyPage(page).open();
  await tabTo(page, /^Learn$/);
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Learn');
  await expect(heading).toBeFocused();
  for (const [link, title] of [
    [/^Galaxies, nebulae/, 'Galaxies, nebulae and star clusters'],
    [/^How the networks/, 'How the networks decide'],
    [/^What the figures/, 'What the figures mean'],
    [/^The data and/, 'The data and its limits'],
  ] as const) {
    await tabTo(page, link);
    await page.keyboard.press('Enter');
    await expect(heading).toHaveText(title);
    await expect(heading).toBeFocused();
  }
});

test('a network shows in a sample where it looks', async ({ page }) => {
  await visit(page, 'learn/networks');
  await page.getByRole('button', { name: 'Ask the network' }).click();
  await expect(page.getByRole('meter', { name: 'Galaxy' })).toBeVisible();
  await expectLoaded(page.getByAltText('Where the image speaks for: Galaxy'));
  await page.getByText('Nebula', { exact: true }).last().click();
  await expectLoaded(page.getByAltText('Where the image speaks for: Nebula'));
});

test('questions lead to where they are answered', async ({ page }) => {
  await visit(page, 'models');
  await page.getByRole('link', { name: 'What these figures mean' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What the figures mean');
  const at = new ClassifyPage(page);
  await at.open();
  await at.sample(/NGC 7006/).click();
  await at.result.getByRole('link', { name: 'What does that mean?' }).click();
  await expect(page.getByRole('heading', { name: 'Possible classes' })).toBeInViewport();
});

test('figures and data are those of the cards', async ({ page, request }) => {
  await visit(page, 'learn/figures');
  const title = /^The examples are those of (.*)\.$/;
  const told = (await page.getByText(title).textContent()) ?? '';
  const models = (await (await request.get('/api/v1/models')).json()) as Card[];
  const name = models.find((model) => model.title === title.exec(told)?.[1])?.name ?? '';
  const card = (await (await request.get(`/api/v1/models/${name}`)).json()) as Card;
  const { accuracy, images } = card.metrics.test ?? {};
  const right = `${((accuracy?.value ?? NaN) * 100).toFixed(1)}%`;
  await expect(page.getByText(`${right} of ${images ?? NaN} test images of`)).toBeVisible();
  await visit(page, 'learn/data');
  await expect(page.getByText(card.use.limits)).toBeVisible();
});
