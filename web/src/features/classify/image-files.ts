import type { FileWithPath } from 'react-dropzone';

const IMAGE_NAME = /^[^.].*\.(jpe?g|png|webp|gif|bmp|tiff?|fits?|fts|xisf)(\.gz|\.fz)?$/i;

/**
 * Returns the files to classify, sorted by path.
 *
 * Files from a folder are kept only if they have the extension of a supported format. Files that
 * were selected individually are always kept, because the server detects the format from the
 * content of the file.
 */
export const selectImageFiles = (files: FileWithPath[]): FileWithPath[] =>
  files.filter(isSelected).toSorted((a, b) => collator.compare(pathOf(a), pathOf(b)));

/** Returns the names of the skipped files, except hidden files such as `.DS_Store`. */
export const skippedFileNames = (files: FileWithPath[]): string[] =>
  files.filter((file) => !isSelected(file) && !file.name.startsWith('.')).map(({ name }) => name);

const isSelected = (file: FileWithPath): boolean => !isInFolder(file) || IMAGE_NAME.test(file.name);

const collator = new Intl.Collator(undefined, { numeric: true });

const pathOf = (file: FileWithPath): string => file.webkitRelativePath || (file.path ?? file.name);

/**
 * Returns whether a file is in a selected folder. The paths of individually selected files have
 * forms such as `m51.jpg`, `./m51.jpg` and `/m51.jpg`.
 */
const isInFolder = (file: FileWithPath): boolean => /[^./].*\//.test(pathOf(file));
