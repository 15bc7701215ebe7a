import type { components } from '@/api/schema';
import type { Card } from '@/lib/api-client';

/** Answers of similar confidence. */
export type ConfidenceBin = components['schemas']['ConfidenceBin'];

export type Epoch = components['schemas']['Epoch'];

/** The parts of a card that the page shows. */
export const readCard = ({ title, labels, metrics, use, training }: Card) => ({
  title,
  labels,
  test: metrics.test,
  limits: use.limits,
  head: training?.head ?? [],
  fineTuning: training?.fine_tuning ?? [],
});

export type ReadCard = ReturnType<typeof readCard>;
