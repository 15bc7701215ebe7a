import { expect, type Locator, type Page, test } from '@playwright/test';

import { findViolations } from './accessibility';
import { ClassifyPage } from './classify-page';
import { fitsImage } from './fits';
import { placedImage } from './placed-image';

const M_90 = { ra: 189.21, dec: 13.16, field: 0.3 };
const SIDE = 1500;

let classifyPage: ClassifyPage;
let viewer: Locator;
let view: Locator;

test.beforeEach(async ({ page }) => {
  classifyPage = new ClassifyPage(page);
  viewer = page.getByRole('dialog');
  view = viewer.locator('[data-state]');
  await classifyPage.open();
});

const open = async (page: Page) => {
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(view).toHaveAttribute('data-state', 'loaded');
};

/** Returns the zoom in percent; above 999, it contains a comma. */
const zoom = async () =>
  Number.parseFloat((await viewer.getByText(/%$/).textContent())?.replace(',', '') ?? '');

/** Waits until the view does not move any more. */
const settled = async () => {
  let last = Number.NaN;
  await expect
    .poll(async () => {
      const previous = last;
      last = await zoom();
      return last === previous;
    })
    .toBe(true);
  return last;
};

test('a linear image is shown at full resolution', async ({ page }) => {
  const tiles: string[] = [];
  page.on('response', (response) => {
    const tile = /tiles\/(.*)\.jpg$/.exec(response.url())?.[1];
    if (tile !== undefined && response.ok()) tiles.push(tile);
  });
  await classifyPage.drop('glow.fits', fitsImage(SIDE));
  await expect(classifyPage.bars).toHaveCount(4);
  expect(tiles).toEqual([]);

  await open(page);
  await viewer.getByRole('button', { name: 'Full resolution' }).click();
  await expect(viewer.getByText('100%')).toBeVisible();
  await expect.poll(() => tiles.some((tile) => tile.startsWith('11/'))).toBe(true);
  await expect(view).toHaveAttribute('data-state', 'loaded');
  expect(await findViolations(page)).toEqual([]);
});

test('keys zoom and move the view, and Escape closes it', async ({ page }) => {
  await classifyPage.drop('glow.fits', fitsImage(SIDE));
  await expect(classifyPage.bars).toHaveCount(4);
  const button = page.getByRole('button', { name: 'Zoom in' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(view).toHaveAttribute('data-state', 'loaded');
  const whole = await settled();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  const enlarged = await settled();
  expect(enlarged / whole).toBeGreaterThan(2);
  await page.keyboard.press('-');
  expect(await settled()).toBeLessThan(enlarged);
  await page.keyboard.press('0');
  expect(await settled()).toBe(whole);
  await page.keyboard.press('1');
  await expect(viewer.getByText('100%')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('a small image is shown whole, or at its own size', async ({ page }) => {
  await classifyPage.drop('small.fits', fitsImage(100));
  await expect(classifyPage.bars).toHaveCount(4);
  await open(page);
  const whole = await settled();
  expect(whole).toBeGreaterThan(100);
  await page.keyboard.press('1');
  await expect(viewer.getByText('100%')).toBeVisible();
  await page.keyboard.press('-');
  expect(await settled()).toBe(100);
  await page.keyboard.press('0');
  expect(await settled()).toBe(whole);
});

test('outlines and evidence stay on the image while zooming', async ({ page }) => {
  await classifyPage.choose({
    name: 'image.jpg',
    mimeType: 'image/jpeg',
    buffer: placedImage(M_90),
  });
  await expect(classifyPage.bars).toHaveCount(4);
  await open(page);
  const outline = viewer.locator('[data-subject]');
  /** Returns the centre and the height of the outline relative to the overlay, which fills the image. */
  const place = async () => {
    const frame = await viewer.locator('svg[role=img]').boundingBox();
    const box = await outline.boundingBox();
    if (frame === null || box === null) throw new Error('Nothing is outlined.');
    return {
      x: (box.x + box.width / 2 - frame.x) / frame.width,
      y: (box.y + box.height / 2 - frame.y) / frame.height,
      height: box.height / frame.height,
      frame: frame.width,
    };
  };
  const before = await place();
  expect(before.x).toBeCloseTo(0.5, 1);
  expect(before.y).toBeCloseTo(0.5, 1);
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await settled();
  await expect.poll(async () => (await place()).frame / before.frame).toBeGreaterThan(1.9);
  const after = await place();
  expect(after.x).toBeCloseTo(before.x, 2);
  expect(after.y).toBeCloseTo(before.y, 2);
  expect(after.height).toBeCloseTo(before.height, 2);
  await viewer.getByRole('switch', { name: 'Outlines and evidence' }).press('Space');
  await expect(outline).toHaveCount(0);
});

test('the wheel zooms, and the wheel with Ctrl opens the viewer', async ({ page, isMobile }) => {
  test.skip(isMobile, 'Phones have no wheel.');
  await classifyPage.drop('glow.fits', fitsImage(SIDE));
  await expect(classifyPage.bars).toHaveCount(4);
  await classifyPage.preview.hover({ force: true });
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await expect(view).toHaveAttribute('data-state', 'loaded');
  const whole = await settled();
  await view.hover();
  await page.mouse.wheel(0, -200);
  await expect.poll(zoom).toBeGreaterThan(whole * 1.1);
});

test('two fingers enlarge the image', async ({ page, isMobile }) => {
  test.skip(!isMobile, 'Desktop screens are not touched.');
  await classifyPage.drop('glow.fits', fitsImage(SIDE));
  await expect(classifyPage.bars).toHaveCount(4);
  await open(page);
  const whole = await settled();
  const box = await view.boundingBox();
  if (box === null) throw new Error('The viewer is not visible.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const devTools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', distance?: number) =>
    devTools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        distance === undefined
          ? []
          : [
              { x: x - distance, y, id: 0 },
              { x: x + distance, y, id: 1 },
            ],
    });
  await touch('touchStart', 30);
  for (const distance of [40, 60, 80, 100, 120]) await touch('touchMove', distance);
  await touch('touchEnd');
  await expect.poll(zoom).toBeGreaterThan(whole * 1.5);
});

test('if a tile cannot be loaded, the preview stays', async ({ page }) => {
  await page.route('**/tiles/**', (route) => route.fulfill({ status: 404, body: '' }));
  await classifyPage.drop('glow.fits', fitsImage(SIDE));
  await expect(classifyPage.bars).toHaveCount(4);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(viewer.getByText(/cannot be loaded at full resolution/)).toBeVisible();
  await viewer.getByRole('button', { name: 'Close' }).click();
  await expect(viewer).toHaveCount(0);
});

test('a linear image is classified again with another stretch', async ({ page }) => {
  await classifyPage.drop('glow.fits', fitsImage());
  await expect(classifyPage.bars).toHaveCount(4);
  await page.getByText('Stretch and header').click();
  await expect(page.getByRole('img', { name: /^Distribution/ })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'BITPIX' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('slider', { name: 'Brightness of the sky' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/answers\/\w+$/);
  await expect(page.getByText('This answer is for a stretch that you chose.')).toBeVisible();
  await page.getByRole('button', { name: 'Automatic stretch' }).click();
  await expect(page.getByText('Stretch and header')).toBeVisible();
  await expect(page.getByText('This answer is for a stretch that you chose.')).toHaveCount(0);
});
