import type { components } from '@/api/schema';
import type { Card } from '@/lib/api-client';

/** The accuracy on images with similar confidence. */
export type ConfidenceBin = components['schemas']['ConfidenceBin'];

/** The accuracy after one epoch of training. */
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

export type ModelCard = ReturnType<typeof readCard>;
