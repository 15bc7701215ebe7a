import type { ScaledImage } from '@/features/classify/upload/scale-image';
import type { ApiError } from '@/lib/api-client';
import { currentMessages } from '@/lib/messages';
import { sampleTitle } from '@/lib/sample-text';
import type { Sample } from '@/lib/samples';

/** The source of an image: a file on this device, or a sample image. */
export type ImageSource = File | Sample;

/** The state of an image in the queue. */
export type Status =
  | { name: 'waiting' }
  /** The image is being uploaded or classified; `progress` is the fraction uploaded so far. */
  | { name: 'classifying'; progress: number }
  | { name: 'answered' }
  | { name: 'failed'; error: ApiError };

/** An image in the queue. The id is unique even if the same file is added twice. */
export interface QueuedImage {
  id: number;
  source: ImageSource;
  status: Status;
  /** The sizes in pixels if the image was scaled down before it was sent. */
  scaled?: ScaledImage | undefined;
}

export const isSample = (source: ImageSource): source is Sample => !(source instanceof File);

/** Returns the name of an image. The title of a sample would tell the answer in advance. */
export const nameOf = ({ source, status }: QueuedImage): string => {
  if (!isSample(source)) return source.name;
  return status.name === 'answered'
    ? sampleTitle(source)
    : currentMessages().samples.name({ number: source.number });
};

/** Returns whether an image is waiting or being classified. */
export const isPending = ({ status }: QueuedImage): boolean =>
  status.name === 'waiting' || status.name === 'classifying';

/** Returns the error if the classification of the image failed; otherwise undefined. */
export const errorOf = ({ status }: QueuedImage): ApiError | undefined =>
  status.name === 'failed' ? status.error : undefined;
