import type { Speed } from '@/features/models/api/get-speed';
import type { ModelSummary } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { messages } from '@/lib/messages';

type TestedModel = ModelSummary & { metrics: { test: NonNullable<ModelSummary['metrics']['test']> } };

const text = messages.performance.best;

/**
 * Returns sentences that name the best and the fastest model and state whether the confidence
 * intervals of other models overlap that of the best model.
 */
export const bestModelText = (
  models: ModelSummary[],
  speedOf: (model: ModelSummary) => Speed | undefined,
): string[] => {
  const [best, ...others] = models
    .filter(isTested)
    .toSorted((a, b) => b.metrics.test.macro_f1.value - a.metrics.test.macro_f1.value);
  if (best === undefined || others.length === 0) return [];
  const isBehind = (one: TestedModel) =>
    one.metrics.test.macro_f1.high < best.metrics.test.macro_f1.low;
  const behind = others.filter(isBehind).map(({ title }) => title);
  const even = others.filter((one) => !isBehind(one)).map(({ title }) => title);
  const timed = models.flatMap((model) => {
    const speed = speedOf(model);
    return speed ? [{ title: model.title, ms: speed.infer_ms }] : [];
  });
  const [fastest, next] = timed.toSorted((a, b) => a.ms - b.ms);
  return [
    text.most(best.title),
    ...(even.length > 0 ? [text.even(formatList(even), even.length)] : []),
    ...(behind.length > 0 ? [text.behind(formatList(behind), behind.length)] : []),
    ...(fastest && next ? [text.fastest(fastest.title)] : []),
  ];
};

const isTested = (model: ModelSummary): model is TestedModel => model.metrics.test !== undefined;
