import type { Card } from '@/lib/api-client';

/** A share with its confidence interval and the number of images. */
export interface Share {
  images: number;
  value: number;
  low: number;
  high: number;
}

/** The accuracy on images with similar confidence. */
export interface ReliabilityBin extends Share {
  confidence: number;
}

/** The accuracy after one epoch of training. */
export interface Epoch {
  accuracy: number;
  val_accuracy: number;
}

type Test = NonNullable<Card['metrics']['test']> & { reliability?: ReliabilityBin[] };

/** Optional parts of a card. */
interface Described {
  use?: { intended?: string; limits?: string };
  training?: { head?: Epoch[]; fine_tuning?: Epoch[] };
}

/** The parts of a card that the reports show. */
export const readCard = (card: Card) => {
  const { use, training } = card as Card & Described;
  return {
    title: card.title,
    labels: card.labels,
    test: card.metrics.test as Test | undefined,
    limits: use?.limits,
    head: training?.head ?? [],
    fineTuning: training?.fine_tuning ?? [],
  };
};

export type ModelCard = ReturnType<typeof readCard>;
