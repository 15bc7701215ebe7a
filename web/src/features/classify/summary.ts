import { errorOf, type QueuedImage } from '@/features/classify/queued-image';
import type { Classification } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { allLabels, countOf } from '@/lib/labels';
import { messages } from '@/lib/messages';

const text = messages.images;

/** Summarises images in one sentence: the number of images in each class and of failed images. */
export const summarize = (
  images: readonly QueuedImage[],
  /** The classifications of each image by one or more models. */
  answers: readonly (Classification[] | undefined)[],
): string => {
  const answered = answers.flatMap((one) => (one === undefined ? [] : [one]));
  const errors = images.map(errorOf);
  const parts = [
    ...(answered.some((one) => one.length > 1) ? countAgreements(answered) : countLabels(answered)),
    counted(errors.filter((error) => error?.isTransient === false).length, text.unreadable),
    counted(errors.filter((error) => error?.isTransient).length, text.notSent),
  ];
  return text.summary(images.length, formatList(parts.filter((part) => part !== '')));
};

/** Returns whether all classifications have the same label. */
export const allAgree = (answers: Classification[]): boolean =>
  new Set(answers.map(({ label }) => label)).size === 1;

const countLabels = (answered: Classification[][]): string[] =>
  allLabels(answered.flat()).map((label) =>
    counted(answered.filter(([answer]) => answer?.label === label).length, (count) =>
      countOf(label, count),
    ),
  );

const countAgreements = (answered: Classification[][]): string[] => {
  const agreed = answered.filter(allAgree).length;
  const differ = agreed > 0 ? text.differ : text.onlyDiffer;
  return [counted(agreed, text.agree), counted(answered.length - agreed, differ)];
};

const counted = (count: number, textOf: (count: number) => string): string =>
  count === 0 ? '' : textOf(count);
