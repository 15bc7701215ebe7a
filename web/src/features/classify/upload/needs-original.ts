import type { ScalableFormat } from '@/features/classify/upload/scalable-format';

/** The number of bytes that are searched at a time, and the number that is searched twice. */
const BLOCK = 4 << 20;
const OVERLAP = 64;

/** Names of the object, its place on the sky, and a rotation that browsers do not apply, in XMP. */
const METADATA = /communicatingastronomy|:title|:subject|tiff:Orientation\W{1,3}[2-8]/i;

/** Animations, and rotations that not all browsers apply, in PNG and WebP. */
const FRAMES_OR_ROTATION = /acTL|ANIM|eXIf|EXIF|Raw profile type exif/;

const PNG_DEPTH = 24;

/**
 * Returns whether an image must be sent as it is: if it has more than 8 bits per channel, several
 * frames, or metadata that the server reads and that would be lost.
 */
export const needsOriginal = async (file: Blob, format: ScalableFormat): Promise<boolean> => {
  const isJpeg = format === 'JPEG';
  if (format === 'PNG') {
    const [depth = 0] = new Uint8Array(await file.slice(PNG_DEPTH, PNG_DEPTH + 1).arrayBuffer());
    if (depth > 8) return true;
  }
  for (let start = 0; start < file.size; start += BLOCK) {
    const block = await file.slice(start, start + BLOCK + OVERLAP).arrayBuffer();
    const text = new TextDecoder('latin1').decode(block);
    if (METADATA.test(text) || (!isJpeg && FRAMES_OR_ROTATION.test(text))) return true;
  }
  return false;
};
