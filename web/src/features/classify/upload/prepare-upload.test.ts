import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { needsOriginal } from '@/features/classify/upload/needs-original';
import { prepareUpload } from '@/features/classify/upload/prepare-upload';
import { scalableFormat } from '@/features/classify/upload/scalable-format';
import { scaledSize } from '@/features/classify/upload/scaled-size';

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

const JPEG = '\xff\xd8\xff\xe1';
const png = (depth: number) =>
  `\x89PNG\r\n\x1a\n\0\0\0\rIHDR${'\0'.repeat(8)}${String.fromCharCode(depth)}`;

const file = (content: string, bytes = content.length) =>
  new File([latin1(content), new Uint8Array(bytes - content.length)], 'm51.jpg');

const LARGE = 4_000_000;
/** The size to which the mock of the browser's encoder compresses. */
let encodedBytes: number;

beforeEach(() => {
  encodedBytes = 600_000;
  vi.stubGlobal('createImageBitmap', () =>
    Promise.resolve({ width: 6000, height: 4000, close: vi.fn() }),
  );
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({
    drawImage: vi.fn(),
  } as never);
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((callback, type = '') => {
    callback(new Blob([new Uint8Array(encodedBytes)], { type }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const prepare = (image: File, original = false, maxBytes?: number) =>
  prepareUpload(image, { original, maxBytes });

it('scales a large photo down and keeps its name', async () => {
  const { file: sent, scaled } = await prepare(file(JPEG, LARGE));
  expect([sent.name, sent.size, sent.type]).toEqual(['m51.jpg', 600_000, 'image/jpeg']);
  expect(scaled).toMatchObject({
    width: 2048,
    height: 1365,
    original: { width: 6000, height: 4000 },
  });
});

it.each([
  ['originals are sent', JPEG, LARGE, true],
  ['the file is small', JPEG, 100_000, false],
  ['it is a FITS image', 'SIMPLE  =', LARGE, false],
  ['the file has metadata', `${JPEG}<dc:title>M 51</dc:title>`, LARGE, false],
])('sends the original if %s', async (_, content, bytes, original) => {
  const image = file(content, bytes);
  expect(await prepare(image, original)).toEqual({ file: image, scaled: undefined });
});

it('sends the original if scaling would save little', async () => {
  encodedBytes = 3_000_000;
  const image = file(JPEG, LARGE);
  expect((await prepare(image)).file).toBe(image);
});

it('sends the original if the browser cannot decode it', async () => {
  vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('The source is invalid.')));
  const image = file(JPEG, LARGE);
  expect((await prepare(image)).file).toBe(image);
});

it('refuses a file that is too large, and says what to do', async () => {
  const fits = prepare(file('SIMPLE  =', LARGE), false, 3_000_000);
  await expect(fits).rejects.toThrow(
    /^m51.jpg has 4 MB, .* at most 3 MB per image.*compress the file\.$/,
  );
  const photo = file(JPEG, LARGE);
  await expect(prepare(photo, true, 3_000_000)).rejects.toThrow(/Turn off “Send originals”/);
  expect((await prepare(photo, false, 3_000_000)).file.size).toBe(600_000);
});

it.each([
  [JPEG, 'JPEG'],
  [png(8), 'PNG'],
  ['RIFF\0\0\0\0WEBPVP8 ', 'WebP'],
  ['\0\0\0\x18ftypheic', 'HEIC'],
  ['\0\0\0\x18ftypheix', undefined], // 10 bits per channel
  ['\0\0\0\x18ftypavif', undefined],
  ['II*\0', undefined],
])('recognises formats by their content: %j', async (content, format) => {
  expect(await scalableFormat(file(content))).toBe(format);
});

it('finds metadata anywhere in a file', async () => {
  const rotated = '<rdf:Description tiff:Orientation="6">';
  const upright = '<rdf:Description tiff:Orientation="1">';
  const avm = 'xmlns:avm="http://www.communicatingastronomy.org/avm/1.0/"';
  expect(await needsOriginal(file(JPEG + upright, LARGE), 'JPEG')).toBe(false);
  expect(await needsOriginal(file(JPEG + rotated, LARGE), 'JPEG')).toBe(true);
  const between = ' '.repeat((4 << 20) - 20); // across the end of a block
  expect(await needsOriginal(file(JPEG + between + avm), 'JPEG')).toBe(true);
});

it('keeps PNG with 16 bits, an animation or a rotation', async () => {
  expect(await needsOriginal(file(png(8)), 'PNG')).toBe(false);
  expect(await needsOriginal(file(png(16)), 'PNG')).toBe(true);
  expect(await needsOriginal(file(`${png(8)}acTL`), 'PNG')).toBe(true);
  expect(await needsOriginal(file(`${png(8)}eXIf`), 'PNG')).toBe(true);
});

it('does not reduce the shorter side of a panorama too far', () => {
  expect(scaledSize({ width: 6000, height: 4000 })).toEqual({ width: 2048, height: 1365 });
  expect(scaledSize({ width: 16_000, height: 2000 })).toEqual({ width: 6400, height: 800 });
  expect(scaledSize({ width: 1600, height: 1200 })).toEqual({ width: 1600, height: 1200 });
});
