import type { components } from '@/api/schema';
import type { Card } from '@/lib/api-client';

/** One bin of the reliability diagram: the accuracy of predictions with similar confidence. */
export type ConfidenceBin = components['schemas']['ConfidenceBin'];

/** One point of the training curves: the accuracy after an epoch. */
export type Epoch = components['schemas']['Epoch'];

/** The model card fields that the web interface shows. */
export const readCard = ({ title, labels, metrics, use, training }: Card) => ({
  title,
  labels,
  test: metrics.test,
  limits: use.limits,
  head: training?.head ?? [],
  fineTuning: training?.fine_tuning ?? [],
  frozenStages: training?.recipe.frozen_stages ?? 0,
});

export type ModelCard = ReturnType<typeof readCard>;
