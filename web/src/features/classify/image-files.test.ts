import { expect, it } from 'vitest';

import { selectImageFiles } from '@/features/classify/image-files';

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

const file = (path: string, content = '') => {
  const created = new File([latin1(content)], path.split('/').at(-1) ?? path);
  Object.defineProperty(created, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return created;
};

const select = async (...files: File[]) => {
  const { images, skipped } = await selectImageFiles(files);
  return { images: images.map(({ name }) => name), skipped };
};

it.each([
  ['M51.jfif', '\xff\xd8\xff\xe0'],
  ['c.jpe', '\xff\xd8\xff\xe0'],
  ['b.fz', 'SIMPLE  ='],
  ['f.fits.gz', '\x1f\x8b'],
  ['IMG_0042.HEIC', '\0\0\0\x18ftypheic'],
  ['DSC0001.ARW', 'II*\0'],
  ['IMG_1.CR3', '\0\0\0\x18ftypcrx '],
  ['no suffix', 'XISF0100'],
  ['wrong.txt', 'RIFF\0\0\0\0WEBP'],
])('keeps %s in a folder', async (name, content) => {
  expect(await select(file(`sky/${name}`, content))).toEqual({ images: [name], skipped: [] });
});

it.each([
  ['notes.txt', 'Seeing poor'],
  ['clip.mp4', '\0\0\0\x18ftypisom'],
  ['m51.xmp', '<x:xmpmeta'],
  ['empty', ''],
])('skips %s in a folder', async (name, content) => {
  expect(await select(file(`sky/${name}`, content))).toEqual({ images: [], skipped: [name] });
});

it('lets the server explain what is wrong with files that are named like images', async () => {
  expect(await select(file('sky/404.jpg', '<!DOCTYPE html>'))).toEqual({
    images: ['404.jpg'],
    skipped: [],
  });
});

it('keeps individually selected files whatever they contain', async () => {
  expect(await select(file('notes.txt', 'Seeing poor'))).toEqual({
    images: ['notes.txt'],
    skipped: [],
  });
});

it('skips hidden files without naming them', async () => {
  expect(await select(file('sky/._m51.jpg', '\0\x05\x16\x07'), file('sky/.DS_Store'))).toEqual({
    images: [],
    skipped: [],
  });
});

it('sorts images by path and number', async () => {
  const names = ['sky/m10.jpg', 'sky/m2.jpg', 'sea/m3.jpg'];
  const { images } = await select(...names.map((name) => file(name)));
  expect(images).toEqual(['m3.jpg', 'm2.jpg', 'm10.jpg']);
});
