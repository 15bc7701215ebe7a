import { needsOriginal } from '@/features/classify/upload/needs-original';
import { type ScalableFormat, scalableFormat } from '@/features/classify/upload/scalable-format';
import type { ScaledImage } from '@/features/classify/upload/scale-image';
import { ApiError } from '@/lib/api-client';
import { formatFileSize } from '@/lib/format';
import { currentMessages } from '@/lib/messages';

/** Files up to this size are sent as they are. */
const SMALL_BYTES = 1_500_000;

/** A scaled image is sent only if it is smaller than the original by this factor. */
const GAIN = 2;

export interface Upload {
  /** The file to send. */
  file: File;
  /** The sizes in pixels if the image was scaled down. */
  scaled?: ScaledImage | undefined;
}

interface Options {
  /** Whether to send the original even if it is large. */
  original: boolean;
  /** The largest file that the server accepts, if known. */
  maxBytes: number | undefined;
}

/**
 * Returns the file to send for an image: the original, or a large photo scaled down.
 *
 * Throws an `ApiError` if the file is larger than the server accepts.
 */
export const prepareUpload = async (
  image: File,
  { original, maxBytes = Infinity }: Options,
): Promise<Upload> => {
  const scaled = original ? undefined : await scale(image);
  const file = scaled?.file ?? image;
  if (file.size <= maxBytes) return { file, scaled };
  throw tooLarge(image, maxBytes, original && (await findFormat(image)) !== undefined);
};

const scale = async (image: File): Promise<ScaledImage | undefined> => {
  if (image.size <= SMALL_BYTES) return undefined;
  const format = await findFormat(image);
  if (format === undefined) return undefined;
  const { scaleDown } = await import('@/features/classify/upload/scale-image');
  const scaled = await scaleDown(image, format);
  return scaled && scaled.file.size * GAIN <= image.size ? scaled : undefined;
};

/** Returns the format of an image that may be scaled down; undefined for all other images. */
const findFormat = async (image: File): Promise<ScalableFormat | undefined> => {
  const format = await scalableFormat(image);
  return format === undefined || (await needsOriginal(image, format)) ? undefined : format;
};

const tooLarge = ({ name, size }: File, maxBytes: number, canScale: boolean): ApiError => {
  const messages = currentMessages();
  const text = canScale ? messages.upload.tooLargeOriginal : messages.upload.tooLarge;
  return new ApiError(
    'too_large',
    text({ name, size: formatFileSize(size), limit: formatFileSize(maxBytes) }),
  );
};
