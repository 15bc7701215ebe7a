import { Text } from '@mantine/core';

import type { Card } from '@/lib/api-client';
import { formatCount, formatShare } from '@/lib/format';
import { messages } from '@/lib/messages';
import { useChosenModel, useModels } from '@/lib/models';

/** How often the chosen model was right on its test pictures; a blank line where unknown. */
export const MeasuredAccuracy = () => {
  const { data: cards = [] } = useModels();
  const [chosen] = useChosenModel();
  const card = cards.find(({ name }) => name === chosen) ?? cards.at(-1);
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
