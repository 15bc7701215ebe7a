import type { Sample } from '@/features/classify/samples';

export type Source = File | Sample;

/** A picture that someone wants classified; each choice has a turn of its own. */
export interface Picture {
  turn: number;
  source: Source;
}

export const isSample = (source: Source): source is Sample => !(source instanceof File);

export const nameOf = (source: Source): string => (isSample(source) ? source.title : source.name);
