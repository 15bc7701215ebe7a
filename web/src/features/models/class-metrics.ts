import type { ModelCard } from '@/features/models/model-card';
import type { Label } from '@/lib/api-client';
import { withInterval } from '@/lib/intervals';

type Test = NonNullable<ModelCard['test']>;

/** Returns precision, recall and F1 score of a class with intervals; undefined if not measured. */
export const metricsOf = (test: Test, labels: Label[], label: Label) => {
  const measured = test.per_class[label];
  if (measured === undefined) return undefined;
  const index = labels.indexOf(label);
  const right = test.confusion[index]?.[index] ?? 0;
  const shown = sum(test.confusion[index] ?? []);
  const answered = sum(test.confusion.map((row) => row[index] ?? 0));
  return {
    precision: withInterval(measured.precision, right, answered),
    recall: withInterval(measured.recall, right, shown),
    f1: withInterval(measured.f1, 2 * right, shown + answered),
  };
};

const sum = (values: number[]): number => values.reduce((total, one) => total + one, 0);
