import type { Speed } from '@/features/models/api/get-speed';
import type { ModelSummary } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { currentMessages } from '@/lib/messages';
import { expectedMetrics } from '@/lib/models';

/**
 * Returns sentences that name the best and the fastest model and state whether the confidence
 * intervals of other models overlap that of the best model.
 */
export const bestModelText = (
  models: ModelSummary[],
  speedOf: (model: ModelSummary) => Speed | undefined,
): string[] => {
  const text = currentMessages().performance.best;
  const [best, ...others] = models
    .flatMap(({ title, metrics }) => {
      const expected = expectedMetrics(metrics);
      return expected ? [{ title, macroF1: expected.macro_f1 }] : [];
    })
    .toSorted((a, b) => b.macroF1.value - a.macroF1.value);
  if (best === undefined || others.length === 0) return [];
  const isBehind = ({ macroF1 }: typeof best) => macroF1.high < best.macroF1.low;
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
    ...(fastest && next ? [text.fastest({ model: fastest.title })] : []),
  ];
};
