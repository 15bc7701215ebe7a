import type { ApiError } from '@/lib/api-client';
import type { Sample } from '@/lib/samples';

/** Where an image comes from: a file on this device, or a sample of the page. */
export type ImageSource = File | Sample;

/** The state of an image in the queue. */
export type Status =
  | { name: 'waiting' }
  /** Being uploaded or classified; `share` of it has been uploaded. */
  | { name: 'classifying'; share: number }
  | { name: 'answered' }
  | { name: 'failed'; error: ApiError };

/** An image in the queue; its id is unique even if the same file is added twice. */
export interface QueuedImage {
  id: number;
  source: ImageSource;
  status: Status;
}

export const isSample = (source: ImageSource): source is Sample => !(source instanceof File);

export const nameOf = (source: ImageSource): string =>
  isSample(source) ? source.title : source.name;

/** Whether an image has neither been answered nor failed yet. */
export const isPending = ({ status }: QueuedImage): boolean =>
  status.name === 'waiting' || status.name === 'classifying';

/** Why an image failed, if it did. */
export const errorOf = ({ status }: QueuedImage): ApiError | undefined =>
  status.name === 'failed' ? status.error : undefined;
