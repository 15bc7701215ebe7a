import { errorOf, type Image } from '@/features/classify/image';
import type { Classification } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';

const text = messages.images;

/** What came out of many images: how many of each class, and how many have no answer. */
export const summaryOf = (
  images: readonly Image[],
  /** What was said of each, by one model or several. */
  answers: readonly (Classification[] | undefined)[],
): string => {
  const said = answers.flatMap((one) => (one === undefined ? [] : [one]));
  const errors = images.map(errorOf);
  const parts = [
    ...(said.some((one) => one.length > 1) ? agreement(said) : labels(said)),
    counted(errors.filter((error) => error?.isTransient === false).length, text.unread),
    counted(errors.filter((error) => error?.isTransient).length, text.unsent),
  ];
  return text.answered(images.length, formatList(parts.filter((part) => part !== '')));
};

const labels = (said: Classification[][]): string[] =>
  LABELS.map((label) =>
    counted(said.filter(([answer]) => answer?.label === label).length, text.labels[label]),
  );

const agreement = (said: Classification[][]): string[] => {
  const agreed = said.filter(agrees).length;
  const differ = agreed > 0 ? text.differ : text.onlyDiffer;
  return [counted(agreed, text.agree), counted(said.length - agreed, differ)];
};

/** Whether all models say the same. */
export const agrees = (answers: Classification[]): boolean =>
  new Set(answers.map(({ label }) => label)).size === 1;

const counted = (count: number, words: (count: number) => string): string =>
  count === 0 ? '' : words(count);
