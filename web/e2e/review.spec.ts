import { expect, test } from '@playwright/test';

import type { AnswerPage } from '@/lib/api-client';

import { findViolations } from './accessibility';
import { ClassifyPage, expectLoaded } from './classify-page';
import { classifySamples } from './classify-samples';

test('answers are reviewed with the keyboard alone, the most uncertain first', async ({
  page,
  isMobile,
}) => {
  await classifySamples(page, ['m-90', 'ngc-3199', 'ngc-6229']);
  const listAnswers = async (query: string) => {
    const reply = await page.request.get(`/api/v1/classifications?${query}`);
    return ((await reply.json()) as AnswerPage).items;
  };
  const [first, second] = await listAnswers('sort=most_uncertain');
  await page.goto('/review');
  const classifyPage = new ClassifyPage(page);
  const expectImage = (path: string | undefined) =>
    expect(classifyPage.preview).toHaveAttribute('alt', `Image ${path ?? ''}`);
  await expectImage(first?.path);
  await expectLoaded(classifyPage.preview);
  await expect(page.getByRole('meter')).toHaveCount(0); // the answer is hidden
  await expect(page.getByText(first?.path ?? '', { exact: true })).toHaveCount(0);
  expect(await findViolations(page)).toEqual([]);
  await expect(page.getByRole('button', { name: 'Shortcuts' })).toBeVisible({ visible: !isMobile });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('2');
  await expectImage(second?.path);
  await expect(page.getByText(/You said: Nebula\. The model (dis)?agrees\./)).toBeVisible();
  await page.keyboard.press('3');
  await page.keyboard.press('u');
  await expectImage(second?.path);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('1');
  await expect(
    page.getByText('You have reached the end of the list. Thank you for reviewing 2 images.'),
  ).toBeVisible();
  await expect
    .poll(async () => (await listAnswers('feedback=none')).map(({ id }) => id))
    .toEqual([second?.id]);
});
