import { expect, it } from 'vitest';

import { droppedFiles } from '@/features/classify/dropped-files';

interface Entry extends Pick<FileSystemEntry, 'isDirectory' | 'fullPath'> {
  file?: (resolve: FileCallback) => void;
  createReader?: () => { readEntries: (resolve: (batch: Entry[]) => void) => void };
}

const fileEntry = (fullPath: string): Entry => ({
  isDirectory: false,
  fullPath,
  file: (resolve: FileCallback) => {
    resolve(new File([], fullPath.split('/').at(-1) ?? ''));
  },
});

/** A folder whose entries are read in batches of one, as browsers do it in batches of 100. */
const folderEntry = (fullPath: string, entries: Entry[]): Entry => ({
  isDirectory: true,
  fullPath,
  createReader: () => {
    const left = [...entries];
    return {
      readEntries: (resolve: (batch: Entry[]) => void) => {
        resolve(left.splice(0, 1));
      },
    };
  },
});

const drop = (...items: { entry: Entry | null; file?: File }[]) =>
  droppedFiles({
    items: items.map(({ entry, file = null }) => ({
      webkitGetAsEntry: () => entry,
      getAsFile: () => file,
    })),
  } as unknown as DataTransfer);

it('returns files as they are', async () => {
  const file = new File([], 'm51.jpg');
  expect(await drop({ entry: fileEntry('/m51.jpg'), file })).toEqual([file]);
});

it('returns files of which the browser does not know the entry', async () => {
  const file = new File([], 'm51.jpg');
  expect(await drop({ entry: null, file })).toEqual([file]);
});

it('returns all files in a folder and the folders in it, with their paths', async () => {
  const inner = folderEntry('/sky/old', [fileEntry('/sky/old/m31.fits')]);
  const outer = folderEntry('/sky', [fileEntry('/sky/m51.jpg'), inner, fileEntry('/sky/m1.jpg')]);
  const files = await drop({ entry: outer });
  expect(files.map(({ path }) => path)).toEqual([
    '/sky/m51.jpg',
    '/sky/old/m31.fits',
    '/sky/m1.jpg',
  ]);
});

it('ignores text', async () => {
  expect(await drop({ entry: null })).toEqual([]);
});
