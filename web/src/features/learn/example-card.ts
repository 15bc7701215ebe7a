import { useQuery } from '@tanstack/react-query';

import type { Card } from '@/lib/api-client';
import { cardQuery, useModels } from '@/lib/models';

/** The model card of the best single model. Its metrics are shown as examples. */
export const useExampleCard = () => {
  const models = useModels();
  const name = models.data?.[0]?.name;
  const card = useQuery({ ...cardQuery(name ?? ''), enabled: name !== undefined });
  return {
    card: card.data,
    error: models.error ?? card.error,
    retry: () => {
      void (models.error ? models.refetch() : card.refetch());
    },
  };
};

/** Returns the kinds of test images with the lowest accuracy; kinds with few images are omitted. */
export const hardestKinds = (card: Card, minImages: number, count: number) =>
  Object.entries(card.metrics.test?.by_kind ?? {})
    .map(([key, { images, value }]) => {
      const [label = '', kind = ''] = key.split(': ');
      return { label: label, kind: kind.replaceAll('_', ' '), images, value: value ?? 1 };
    })
    .filter(({ images, value }) => images >= minImages && value < 1)
    .toSorted((a, b) => a.value - b.value)
    .slice(0, count);
