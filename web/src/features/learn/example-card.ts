import { useQuery } from '@tanstack/react-query';

import type { Card, Label } from '@/lib/api-client';
import { cardQuery, useModels } from '@/lib/models';

interface Share {
  images: number;
  value: number;
}

interface Split {
  images: number;
  objects: number;
  labels: Partial<Record<Label, number>>;
}

interface Source {
  source: string;
  licence: string;
  images: number;
}

/** Optional parts of a card. */
interface Described {
  use?: { limits?: string };
  input?: { size?: number };
  network: { parameters?: number };
  data?: { splits?: Record<string, Split>; sources?: Source[] };
}

/** Optional metrics on the test images. */
interface Measured {
  expected_calibration_error?: number;
  coverage?: { overall: Share };
  mean_set_size?: number;
  foreign?: { deep_sky_kept: Share; turned_away: Share };
  by_kind?: Record<string, Share>;
}

export type LearnCard = Card & Described;

/** The card of the best single model, used for the examples. */
export const useExampleCard = () => {
  const models = useModels();
  const name = models.data?.[0]?.name;
  const card = useQuery({ ...cardQuery(name ?? ''), enabled: name !== undefined });
  return {
    card: card.data as LearnCard | undefined,
    error: models.error ?? card.error,
    retry: () => {
      void (models.error ? models.refetch() : card.refetch());
    },
  };
};

export const testOf = ({ metrics }: LearnCard) =>
  metrics.test as (Card['metrics'][string] & Measured) | undefined;

/** The kinds of test images with the lowest accuracy, among those with enough images. */
export const hardestKinds = (card: LearnCard, minImages: number, count: number) =>
  Object.entries(testOf(card)?.by_kind ?? {})
    .map(([kind, share]) => ({ kind: kind.replaceAll('_', ' '), ...share }))
    .filter(({ images, value }) => images >= minImages && value < 1)
    .toSorted((a, b) => a.value - b.value)
    .slice(0, count);
