import { readFile } from 'node:fs/promises';

import { expect, type Page, test } from '@playwright/test';

import { ClassifyPage } from './classify-page';
import { placedImage } from './placed-image';
import { ANY_SCREEN } from './screens';

const M_90 = { ra: 189.21, dec: 13.16, field: 0.3 };

interface Picture {
  width: number;
  height: number;
  /** The number of pixels of the colour of outlines of galaxies. */
  outline: number;
  /** The number of white pixels below the image. */
  text: number;
}

const save = async (page: Page): Promise<{ name: string; png: Buffer }> => {
  const download = page.waitForEvent('download');
  await (await new ClassifyPage(page).menuItem('Save image')).click();
  const file = await download;
  return { name: file.suggestedFilename(), png: await readFile(await file.path()) };
};

/** Describes a picture of a square image. */
const look = (page: Page, png: Buffer): Promise<Picture> =>
  page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (context === null) throw new Error('No canvas context.');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let [outline, text] = [0, 0];
    for (let index = 0; index < data.length; index += 4) {
      const [red = 0, green = 0, blue = 0] = data.subarray(index, index + 3);
      if (red === 255 && green === 176 && blue === 32) outline++;
      if (red === 255 && green === 255 && blue === 255 && index / 4 > width * width) text++;
    }
    return { width, height, outline, text };
  }, png.toString('base64'));

test('an answer is saved as a picture with what is shown', ANY_SCREEN, async ({ page }) => {
  const classifyPage = new ClassifyPage(page);
  await classifyPage.open();
  await classifyPage.choose({
    name: 'my image.jpg',
    mimeType: 'image/jpeg',
    buffer: placedImage(M_90),
  });
  await expect(classifyPage.bars).toHaveCount(4);
  const { name, png } = await save(page);
  expect(name).toBe('my-image-deepsky.png');
  const full = await look(page, png);
  expect(full.width).toBeGreaterThanOrEqual(1000);
  expect(full.height).toBeGreaterThan(full.width); // the image is square, and has text below it
  expect(full.outline).toBeGreaterThan(500);
  expect(full.text).toBeGreaterThan(500);

  await (await classifyPage.menuItem('Show objects')).click();
  const plain = await look(page, (await save(page)).png);
  expect(plain.outline).toBeLessThan(20);
  await classifyPage.askWhy();
  const withEvidence = await save(page);
  expect(withEvidence.png.equals(png)).toBe(false);
  expect(await look(page, withEvidence.png)).toMatchObject({ height: full.height });
});

test(
  'the picture of a sample names its credit, also after a reload',
  ANY_SCREEN,
  async ({ page }) => {
    const classifyPage = new ClassifyPage(page);
    await classifyPage.open();
    await classifyPage.sample('ngc-6229').click();
    await expect(page).toHaveURL(/\/answers\/\w+$/);
    await page.reload();
    await expect(classifyPage.bars).toHaveCount(4);
    const written = await page.evaluateHandle(() => {
      const texts: string[] = [];
      // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the context below
      const fillText = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        texts.push(text);
        fillText.call(this, text, ...place);
      };
      return texts;
    });
    await save(page);
    const text = (await written.jsonValue()).join(' ');
    expect(text).toContain('Globular cluster NGC 6229: SDSS (CC BY 4.0)');
  },
);
