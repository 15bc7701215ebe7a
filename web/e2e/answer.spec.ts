import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { expect, test } from '@playwright/test';

import type { Classification } from '@/lib/api-client';

import { ClassifyPage, expectLoaded } from './classify-page';
import { fitsImage } from './fits';
import { ANY_SCREEN } from './screens';

const GALAXY = '../samples/m-90.jpg';

const classify = (path: string): Classification => {
  const json = execFileSync('../.venv/bin/deepsky', ['classify', path, '--format', 'json'], {
    encoding: 'utf8',
  });
  return (JSON.parse(json) as [Classification])[0];
};

let classifyPage: ClassifyPage;

test.beforeEach(async ({ page }) => {
  classifyPage = new ClassifyPage(page);
  await classifyPage.open();
});

test('a sample gets an answer with headline, bars and preview', async () => {
  await classifyPage.sample('m-90').click();
  await expect(classifyPage.result.getByRole('heading', { name: /galaxy/i })).toBeVisible();
  const sum = (await classifyPage.probabilities()).reduce((total, one) => total + one, 0);
  expect(sum).toBeCloseTo(1, 5); // each value is rounded to six digits
  await expectLoaded(classifyPage.preview);
});

test('the evidence is shown on request, hidden while a button is held, and shown for another class', async ({
  page,
}) => {
  await classifyPage.sample('m-90').click();
  await expectLoaded(classifyPage.preview);
  await expect(classifyPage.overlay).toHaveCount(0);
  await classifyPage.askWhy();
  await expect(async () => {
    expect(await classifyPage.overlay.boundingBox()).toEqual(
      await classifyPage.preview.boundingBox(),
    );
  }).toPass();
  const hold = classifyPage.result.getByRole('button', { name: 'Hold to hide the lines' });
  await hold.hover();
  await page.mouse.down();
  await expect(classifyPage.overlay).toBeHidden();
  await page.mouse.up();
  await expect(classifyPage.overlay).toBeVisible();
  await classifyPage.result.getByRole('radiogroup').getByText('Star cluster').click();
  await expect(classifyPage.overlay).toHaveAttribute('src', /star_cluster\.svg$/);
  await expectLoaded(classifyPage.overlay);
  await classifyPage.result.getByRole('button', { name: 'Why?' }).click();
  await expect(classifyPage.overlay).toHaveCount(0);
});

test('web page, API and command line return the same probabilities', ANY_SCREEN, async () => {
  const answer = classifyPage.nextAnswer();
  await classifyPage.choose(GALAXY);
  const fromApi = await answer;
  const fromCli = classify(GALAXY);
  expect(fromApi).toMatchObject({ ...fromCli, path: 'm-90.jpg' });
  expect(await classifyPage.probabilities()).toEqual(Object.values(fromCli.probabilities));
  await classifyPage.result.getByText('Details').click();
  await expect(classifyPage.result.getByText(fromApi.image_sha256)).toBeVisible();
  await expect(classifyPage.result.getByText(fromApi.model_version)).toBeVisible();
});

test('the preview of a dropped FITS file is stretched', async () => {
  await classifyPage.drop('glow.fits', fitsImage());
  await expectLoaded(classifyPage.preview);
  await classifyPage.result.getByText('Details').click();
  await expect(classifyPage.result.getByText('FITS', { exact: true })).toBeVisible();
  await expect(classifyPage.result.getByText('64 × 64 pixels')).toBeVisible();
});

test('an image is pasted from the clipboard', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await classifyPage.open();
  const jpeg = readFileSync(GALAXY).toString('base64');
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    const png = await canvas.convertToBlob({ type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  }, jpeg);
  const answer = classifyPage.nextAnswer();
  await page.keyboard.press('ControlOrMeta+V');
  expect((await answer).label).toBe('galaxy');
  await expect(classifyPage.bars).toHaveCount(4);
});

test('the accuracy in the footer matches the model card', async ({ page, request }) => {
  const card = (await (await request.get('/api/v1/models/efficientnet')).json()) as {
    metrics: { source_test: { images: number; accuracy: { value: number } } };
  };
  const { images, accuracy } = card.metrics.source_test;
  const line = page.getByText(/images by photographers who are new/);
  await expect(line).toContainText(`${(accuracy.value * 100).toFixed(1)}%`);
  await expect(line).toContainText(`${images.toLocaleString('en')} images`);
});
