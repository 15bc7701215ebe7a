import type { Card } from '@/lib/api-client';

/** A measured share with its interval, and of how many images. */
export interface Share {
  images: number;
  value: number;
  low: number;
  high: number;
}

/** Images of which the model was about as sure. */
export interface SurenessGroup extends Share {
  confidence: number;
}

/** How well the network did after a pass over the images that it learned from. */
export interface Epoch {
  accuracy: number;
  val_accuracy: number;
}

type Test = NonNullable<Card['metrics']['test']> & { reliability?: SurenessGroup[] };

/** What the cards of trained models hold beyond what every card holds; any of it may be missing. */
interface Described {
  use?: { intended?: string; limits?: string };
  training?: { head?: Epoch[]; fine_tuning?: Epoch[] };
}

/** What a card says, in the form that the page shows. */
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

export type ReadCard = ReturnType<typeof readCard>;
