import { expect, test } from '@playwright/test';

import type { AnswerPage } from '@/lib/api-client';

import { violations } from './access';
import { classify } from './answers';
import { ClassifyPage, expectLoaded } from './classify-page';

test('answers are judged with the keyboard alone, the most doubtful first', async ({
  page,
  isMobile,
}) => {
  await classify(page, ['m-90', 'ngc-3199', 'ngc-6229']);
  const listed = async (query: string) => {
    const reply = await page.request.get(`/api/v1/classifications?${query}`);
    return ((await reply.json()) as AnswerPage).items;
  };
  const [first, second] = await listed('sort=most_uncertain');
  await page.goto('/#/review');
  const at = new ClassifyPage(page);
  const shows = (path: string | undefined) =>
    expect(at.preview).toHaveAttribute('alt', `The image ${path ?? ''}`);
  await shows(first?.path);
  await expectLoaded(at.overlay);
  expect(await violations(page)).toEqual([]);
  await expect(page.getByRole('button', { name: 'Keys' })).toBeVisible({ visible: !isMobile });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('2');
  await shows(second?.path);
  await page.keyboard.press('3');
  await page.keyboard.press('u');
  await shows(second?.path);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('1');
  await expect(page.getByText('That was the last one, thank you: you judged 2.')).toBeVisible();
  await expect
    .poll(async () => (await listed('feedback=none')).map(({ id }) => id))
    .toEqual([second?.id]);
});
