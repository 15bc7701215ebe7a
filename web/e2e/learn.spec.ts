import { expect, test } from '@playwright/test';

import type { Card } from '@/lib/api-client';

import { tabTo } from './accessibility';
import { ClassifyPage, expectLoaded } from './classify-page';
import { visit } from './pages';

test('all pages under “Learn” can be reached with the keyboard alone', async ({ page }) => {
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
    [/^Training data and/, 'Training data and limitations'],
  ] as const) {
    await tabTo(page, link);
    await page.keyboard.press('Enter');
    await expect(heading).toHaveText(title);
    await expect(heading).toBeFocused();
  }
});

test('a sample is classified and its evidence shown', async ({ page }) => {
  await visit(page, 'learn/networks');
  await page.getByRole('button', { name: 'Classify the sample' }).click();
  await expect(page.getByRole('meter', { name: 'Galaxy' })).toBeVisible();
  await expectLoaded(page.getByAltText('Evidence for: Galaxy'));
  await page.getByText('Nebula', { exact: true }).last().click();
  await expectLoaded(page.getByAltText('Evidence for: Nebula'));
});

test('links to explanations open the right page and section', async ({ page }) => {
  await visit(page, 'models');
  await page.getByRole('link', { name: 'What the figures mean' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What the figures mean');
  const classifyPage = new ClassifyPage(page);
  await classifyPage.open();
  await classifyPage.sample('ngc-7006').click();
  await classifyPage.result.getByRole('link', { name: 'What does this mean?' }).click();
  await expect(page.getByRole('heading', { name: 'Possible classes' })).toBeInViewport();
});

test('figures and limitations match the model card', async ({ page, request }) => {
  await visit(page, 'learn/figures');
  const title = /^The examples are for (.*)\.$/;
  const sentence = (await page.getByText(title).textContent()) ?? '';
  const models = (await (await request.get('/api/v1/models')).json()) as Card[];
  const name = models.find((model) => model.title === title.exec(sentence)?.[1])?.name ?? '';
  const card = (await (await request.get(`/api/v1/models/${name}`)).json()) as Card;
  const { accuracy, images } = card.metrics.test ?? {};
  const right = `${((accuracy?.value ?? NaN) * 100).toFixed(1)}%`;
  await expect(page.getByText(`${right} of ${images ?? NaN} test images from`)).toBeVisible();
  await visit(page, 'learn/data');
  await expect(page.getByText(card.use.limits)).toBeVisible();
});
