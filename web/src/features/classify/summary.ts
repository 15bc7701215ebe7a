import { withoutEnsembles } from '@/features/classify/comparison';
import { errorOf, type QueuedImage } from '@/features/classify/queued-image';
import type { Classification } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { allLabels, countOf } from '@/lib/labels';
import { currentMessages } from '@/lib/messages';

/** Summarises images in one sentence: the number of images in each class and of failed images. */
export const summarize = (
  images: readonly QueuedImage[],
  /** The classifications of each image by one or more models. */
  answers: readonly (Classification[] | undefined)[],
  ensembles: readonly string[],
): string => {
  const text = currentMessages().images;
  const answered = answers.flatMap((one) => (one === undefined ? [] : [one]));
  const errors = images.map(errorOf);
  const parts = [
    ...(answered.some((one) => one.length > 1)
      ? countAgreements(answered, ensembles)
      : countLabels(answered)),
    counted(errors.filter((error) => error?.isTransient === false).length, text.unreadable),
    counted(errors.filter((error) => error?.isTransient).length, text.notSent),
  ];
  return text.summary({
    count: images.length,
    parts: formatList(parts.filter((part) => part !== '')),
  });
};

/** Returns whether all models have the same label. Ensembles do not count beside their members. */
export const allAgree = (answers: Classification[], ensembles: readonly string[]): boolean =>
  new Set(withoutEnsembles(answers, ensembles).map(({ label }) => label)).size === 1;

const countLabels = (answered: Classification[][]): string[] =>
  allLabels(answered.flat()).map((label) =>
    counted(answered.filter(([answer]) => answer?.label === label).length, ({ count }) =>
      countOf(label, count),
    ),
  );

const countAgreements = (answered: Classification[][], ensembles: readonly string[]): string[] => {
  const text = currentMessages().images;
  const agreed = answered.filter((answers) => allAgree(answers, ensembles)).length;
  const differ = agreed > 0 ? text.differ : text.onlyDiffer;
  return [counted(agreed, text.agree), counted(answered.length - agreed, differ)];
};

const counted = (count: number, textOf: (values: { count: number }) => string): string =>
  count === 0 ? '' : textOf({ count });
