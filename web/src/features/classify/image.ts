import type { Sample } from '@/lib/samples';
import type { ApiError } from '@/lib/api-client';

export type Source = File | Sample;

/** How far an image is on its way to an answer. */
export type Step =
  | { name: 'waiting' }
  /** On its way to the server, or there: `share` of it is sent. */
  | { name: 'asked'; share: number }
  | { name: 'answered' }
  | { name: 'failed'; error: ApiError };

/** An image that someone wants classified; each choice has a turn of its own. */
export interface Image {
  turn: number;
  source: Source;
  step: Step;
}

export const isSample = (source: Source): source is Sample => !(source instanceof File);

export const nameOf = (source: Source): string => (isSample(source) ? source.title : source.name);

/** Whether there is neither an answer nor word that there will be none. */
export const isUnderWay = ({ step }: Image): boolean =>
  step.name === 'waiting' || step.name === 'asked';

/** Why there is no answer, where that is known. */
export const errorOf = ({ step }: Image): ApiError | undefined =>
  step.name === 'failed' ? step.error : undefined;
