import { execFileSync } from 'node:child_process';

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

let at: ClassifyPage;

test.beforeEach(async ({ page }) => {
  at = new ClassifyPage(page);
  await at.open();
});

test('a sample is answered with words, bars, image and evidence', async () => {
  await at.sample(/M 90/).click();
  await expect(at.result.getByRole('heading', { name: /galaxy/i })).toBeVisible();
  const sum = (await at.probabilities()).reduce((total, one) => total + one, 0);
  expect(sum).toBeCloseTo(1, 5); // each is rounded to six digits
  await expectLoaded(at.preview);
  await expectLoaded(at.overlay);
  await expect(async () => {
    expect(await at.overlay.boundingBox()).toEqual(await at.preview.boundingBox());
  }).toPass();
});

test('the evidence can be hidden, made weaker, and shown for another class', async () => {
  await at.sample(/M 90/).click();
  await expectLoaded(at.overlay);
  await at.result.getByRole('radiogroup').getByText('Star cluster').click();
  await expect(at.overlay).toHaveAttribute('src', /star_cluster\.png$/);
  await expectLoaded(at.overlay);
  await at.result.getByRole('slider').press('Home');
  await expect(at.overlay).toHaveCSS('opacity', '0');
  await at.result.getByRole('switch').click();
  await expect(at.overlay).toHaveCount(0);
});

test('page, API and command line give the same numbers', ANY_SCREEN, async () => {
  const answer = at.nextAnswer();
  await at.choose(GALAXY);
  const fromApi = await answer;
  const fromCommand = classify(GALAXY);
  expect(fromApi).toMatchObject({ ...fromCommand, path: 'm-90.jpg' });
  expect(await at.probabilities()).toEqual(Object.values(fromCommand.probabilities));
  await at.result.getByText('Details').click();
  await expect(at.result.getByText(fromApi.image_sha256)).toBeVisible();
  await expect(at.result.getByText(fromApi.model_version)).toBeVisible();
});

test('a dropped FITS file is shown as the server stretches it', async () => {
  await at.drop('glow.fits', fitsImage());
  await expectLoaded(at.preview);
  await at.result.getByText('Details').click();
  await expect(at.result.getByText('FITS', { exact: true })).toBeVisible();
  await expect(at.result.getByText('64 × 64 pixels')).toBeVisible();
});

test('an image from the clipboard is pasted in', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await at.open();
  await page.evaluate(async () => {
    const shown = document.querySelector<HTMLImageElement>('img[src*="m-90"]');
    if (shown === null) throw new Error('There is no sample to copy.');
    await shown.decode();
    const canvas = new OffscreenCanvas(shown.naturalWidth, shown.naturalHeight);
    canvas.getContext('2d')?.drawImage(shown, 0, 0);
    const png = await canvas.convertToBlob({ type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  });
  const answer = at.nextAnswer();
  await page.keyboard.press('ControlOrMeta+V');
  expect((await answer).label).toBe('galaxy');
  await expect(at.bars).toHaveCount(4);
});

test('the measured accuracy is that of the model card', async ({ page, request }) => {
  const card = (await (await request.get('/api/v1/models/efficientnet')).json()) as {
    metrics: { test: { images: number; accuracy: { value: number } } };
  };
  const { images, accuracy } = card.metrics.test;
  const line = page.getByText(/test images/);
  await expect(line).toContainText(`${(accuracy.value * 100).toFixed(1)}%`);
  await expect(line).toContainText(`${images.toLocaleString('en')} test images`);
});
