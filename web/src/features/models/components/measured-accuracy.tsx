import { Text } from '@mantine/core';

import { useModel } from '@/features/models/api/get-model';
import type { Card } from '@/lib/api-client';
import { formatCount, formatShare } from '@/lib/format';
import { messages } from '@/lib/messages';

/** How often a model was right on its test pictures, from its card; a blank line where unknown. */
export const MeasuredAccuracy = ({ model }: { model: string }) => {
  const { data: card } = useModel(model);
  return (
    <Text size="sm" c="dimmed" mih="1.55em">
      {card && describe(card)}
    </Text>
  );
};

const describe = ({ title, metrics: { test } }: Card): string | undefined => {
  if (test === undefined) return undefined;
  const { value, low, high } = test.accuracy;
  return messages.accuracy(
    title,
    formatCount(test.pictures),
    formatShare(value),
    formatShare(low),
    formatShare(high),
  );
};
