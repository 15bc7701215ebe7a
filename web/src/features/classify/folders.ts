import type { FileWithPath } from 'react-dropzone';

const IMAGE = /^[^.].*\.(jpe?g|png|webp|gif|bmp|tiff?|fits?|fts|xisf)(\.gz|\.fz)?$/i;

/**
 * The files without those of folders whose names are no image's, in the order of their names.
 *
 * What was chosen by itself is kept whatever its name: the server looks into it.
 */
export const namedLikeImages = (files: FileWithPath[]): FileWithPath[] =>
  files.filter(isTaken).toSorted((a, b) => collator.compare(pathOf(a), pathOf(b)));

/** The names of the others, but for what a system hides in its folders, such as `.DS_Store`. */
export const namesLeftOut = (files: FileWithPath[]): string[] =>
  files.filter((file) => !isTaken(file) && !file.name.startsWith('.')).map(({ name }) => name);

const isTaken = (file: FileWithPath): boolean => !isInFolder(file) || IMAGE.test(file.name);

const collator = new Intl.Collator(undefined, { numeric: true });

const pathOf = (file: FileWithPath): string => file.webkitRelativePath || (file.path ?? file.name);

/** Files without a folder come with paths such as `m51.jpg`, `./m51.jpg` or `/m51.jpg`. */
const isInFolder = (file: FileWithPath): boolean => /[^./].*\//.test(pathOf(file));
