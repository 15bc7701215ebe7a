import type { Speed } from '@/features/models/api/get-speed';
import type { ModelSummary } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { currentMessages } from '@/lib/messages';
import { expectedMetrics } from '@/lib/models';

interface Measured {
  title: string;
  macroF1: { value: number; low: number; high: number };
  /** Identifies the images on which the model was tested. */
  test: string;
}

/**
 * Returns sentences that name the best and the fastest model and state whether the confidence
 * intervals of other models overlap that of the best model. Models of the user, which were tested
 * on other images, are not compared with the shipped ones.
 */
export const bestModelText = (
  models: ModelSummary[],
  speedOf: (model: ModelSummary) => Speed | undefined,
): string[] => {
  const text = currentMessages().performance.best;
  const measured = models.flatMap(({ title, metrics }): Measured[] => {
    const expected = expectedMetrics(metrics);
    if (expected === undefined) return [];
    const split = expected === metrics.source_test ? 'source_test' : 'test';
    const test = [split, expected.images, expected.fields].join(' ');
    return [{ title, macroF1: expected.macro_f1, test }];
  });
  const test = commonest(measured.map((one) => one.test));
  const [best, ...others] = measured
    .filter((one) => one.test === test)
    .toSorted((a, b) => b.macroF1.value - a.macroF1.value);
  if (best === undefined || others.length === 0) return [];
  const elsewhere = measured.filter((one) => one.test !== test).map(({ title }) => title);
  const isBehind = ({ macroF1 }: Measured) => macroF1.high < best.macroF1.low;
  const behind = others.filter(isBehind).map(({ title }) => title);
  const even = others.filter((one) => !isBehind(one)).map(({ title }) => title);
  const timed = models.flatMap((model) => {
    const speed = speedOf(model);
    return speed ? [{ title: model.title, ms: speed.infer_ms }] : [];
  });
  const [fastest, next] = timed.toSorted((a, b) => a.ms - b.ms);
  return [
    text.most({ model: best.title }),
    ...(even.length > 0 ? [text.even({ models: formatList(even), count: even.length })] : []),
    ...(behind.length > 0
      ? [text.behind({ models: formatList(behind), count: behind.length })]
      : []),
    ...(elsewhere.length > 0
      ? [text.elsewhere({ models: formatList(elsewhere), count: elsewhere.length })]
      : []),
    ...(fastest && next ? [text.fastest({ model: fastest.title })] : []),
  ];
};

const commonest = (values: string[]): string | undefined => {
  const count = (value: string) => values.filter((one) => one === value).length;
  return values.toSorted((a, b) => count(b) - count(a))[0];
};
