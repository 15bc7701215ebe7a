import formats from '@/api/formats.json';
import type { FileWithPath } from '@/features/classify/dropped-files';

/** The files to classify, and the names of skipped files. */
interface Selection {
  images: FileWithPath[];
  skipped: string[];
}

/**
 * Selects the files to classify, sorted by path.
 *
 * Files that were selected individually are always kept. Files from a folder are kept if their
 * content starts like an image or if their name has the suffix of an image format; for the latter,
 * the server explains what is wrong with them. Hidden files, such as `.DS_Store`, are skipped
 * without being named.
 */
export const selectImageFiles = async (files: FileWithPath[]): Promise<Selection> => {
  const visible = files.filter((file) => !isInFolder(file) || !file.name.startsWith('.'));
  const isKept = await Promise.all(visible.map(isSelected));
  return {
    images: visible
      .filter((_, index) => isKept[index])
      .toSorted((a, b) => collator.compare(pathOf(a), pathOf(b))),
    skipped: visible.filter((_, index) => !isKept[index]).map(({ name }) => name),
  };
};

const isSelected = async (file: FileWithPath): Promise<boolean> =>
  !isInFolder(file) || hasImageSuffix(file) || (await startsLikeImage(file));

const hasImageSuffix = ({ name }: File): boolean =>
  formats.suffixes.some((suffix) => name.toLowerCase().endsWith(suffix));

const HEAD_BYTES = Math.max(
  ...formats.signatures.map(({ offset, hex }) => offset + hex.length / 2),
);

const startsLikeImage = async (file: File): Promise<boolean> => {
  const head = await file
    .slice(0, HEAD_BYTES)
    .arrayBuffer()
    .then(toHex, () => undefined);
  // The server reports the reason if a file cannot be read.
  if (head === undefined) return true;
  return formats.signatures.some(({ offset, hex }) => head.startsWith(hex, 2 * offset));
};

const toHex = (buffer: ArrayBuffer): string =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

const collator = new Intl.Collator(undefined, { numeric: true });

const pathOf = (file: FileWithPath): string => file.webkitRelativePath || (file.path ?? file.name);

/**
 * Returns whether a file is in a selected folder. The paths of individually selected files have
 * forms such as `m51.jpg`, `./m51.jpg` and `/m51.jpg`.
 */
const isInFolder = (file: FileWithPath): boolean => /[^./].*\//.test(pathOf(file));
