import type { Page } from '@playwright/test';

/** The side lengths of the image as stored in the file. */
export const STORED = { width: 3000, height: 2000 };

/** Rotated by 90° clockwise to be shown (Exif 3.0, section 4.6.5.1.4). */
const ORIENTATION = 6;

const START_OF_IMAGE = 2;

/**
 * Returns a JPEG of several megabytes that must be rotated to be shown: noise, whose upper half is red
 * when shown.
 */
export const largePhoto = async (page: Page): Promise<Buffer> => {
  const base64 = await page.evaluate(({ width, height }) => {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('There is no canvas.');
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer); // alpha, blue, green, red
    for (let pixel = 0; pixel < pixels.length; pixel++) {
      const noise = Math.floor(Math.random() * 100);
      const red = pixel % width < width / 2 ? 200 : noise;
      pixels[pixel] = (255 << 24) | (noise << 16) | (noise << 8) | red;
    }
    context.putImageData(image, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1] ?? '';
  }, STORED);
  const jpeg = Buffer.from(base64, 'base64');
  return Buffer.concat([
    jpeg.subarray(0, START_OF_IMAGE),
    exif(ORIENTATION),
    jpeg.subarray(START_OF_IMAGE),
  ]);
};

/** Returns the JPEG segment with Exif data that consists of the orientation. */
const exif = (orientation: number): Buffer => {
  const entry = Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
  const directory = Buffer.concat([Buffer.from([0, 1]), entry, Buffer.alloc(4)]);
  const header = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8]);
  const content = Buffer.concat([Buffer.from('Exif\0\0'), header, directory]);
  const marker = Buffer.from([0xff, 0xe1, 0, content.length + 2]);
  return Buffer.concat([marker, content]);
};
