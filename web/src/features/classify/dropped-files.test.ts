import { expect, it } from 'vitest';

import { readDropped } from '@/features/classify/dropped-files';

interface Entry extends Pick<FileSystemEntry, 'isDirectory' | 'fullPath' | 'name'> {
  file?: (resolve: FileCallback, reject: ErrorCallback) => void;
  createReader?: () => {
    readEntries: (resolve: (batch: Entry[]) => void, reject: ErrorCallback) => void;
  };
}

const nameOf = (fullPath: string): string => fullPath.split('/').at(-1) ?? '';

const fileEntry = (fullPath: string): Entry => ({
  isDirectory: false,
  fullPath,
  name: nameOf(fullPath),
  file: (resolve: FileCallback) => {
    resolve(new File([], nameOf(fullPath)));
  },
});

/** A folder whose entries are read in batches of one, as browsers do it in batches of 100. */
const folderEntry = (fullPath: string, entries: Entry[]): Entry => ({
  isDirectory: true,
  fullPath,
  name: nameOf(fullPath),
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
  readDropped({
    items: items.map(({ entry, file = null }) => ({
      webkitGetAsEntry: () => entry,
      getAsFile: () => file,
    })),
  } as unknown as DataTransfer);

it('returns files as they are', async () => {
  const file = new File([], 'm51.jpg');
  expect(await drop({ entry: fileEntry('/m51.jpg'), file })).toEqual({
    files: [file],
    unreadable: [],
  });
});

it('returns files of which the browser does not know the entry', async () => {
  const file = new File([], 'm51.jpg');
  expect(await drop({ entry: null, file })).toEqual({ files: [file], unreadable: [] });
});

it('returns all files in a folder and the folders in it, with their paths', async () => {
  const inner = folderEntry('/sky/old', [fileEntry('/sky/old/m31.fits')]);
  const outer = folderEntry('/sky', [fileEntry('/sky/m51.jpg'), inner, fileEntry('/sky/m1.jpg')]);
  const { files } = await drop({ entry: outer });
  expect(files.map(({ path }) => path)).toEqual([
    '/sky/m51.jpg',
    '/sky/old/m31.fits',
    '/sky/m1.jpg',
  ]);
});

const refuse = (_: unknown, reject: ErrorCallback) => {
  reject(new DOMException('Access is denied.', 'NotReadableError'));
};

it('names what cannot be read, and returns the other files', async () => {
  const locked = {
    ...folderEntry('/sky/locked', []),
    createReader: () => ({ readEntries: refuse }),
  };
  const gone = { ...fileEntry('/sky/gone.jpg'), file: refuse };
  const folder = folderEntry('/sky', [fileEntry('/sky/m51.jpg'), locked, gone]);
  const { files, unreadable } = await drop({ entry: folder });
  expect(files.map(({ path }) => path)).toEqual(['/sky/m51.jpg']);
  expect(unreadable).toEqual(['locked', 'gone.jpg']);
});

it('ignores text', async () => {
  expect(await drop({ entry: null })).toEqual({ files: [], unreadable: [] });
});
