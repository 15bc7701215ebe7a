import { Text } from '@mantine/core';

import type { ModelSummary } from '@/lib/api-client';
import { formatCount, formatPercent } from '@/lib/format';
import { messages } from '@/lib/messages';
import { useChosenModel, useModels } from '@/lib/models';

/** Shows the test accuracy of the selected model, or nothing if it is unknown. */
export const MeasuredAccuracy = () => {
  const { data: models = [] } = useModels();
  const [chosen] = useChosenModel();
  const model = models.find(({ name }) => name === chosen) ?? models.at(-1);
  return (
    <Text size="sm" c="dimmed" mih="1.55em">
      {model && describe(model)}
    </Text>
  );
};

const describe = ({ title, metrics: { test } }: ModelSummary): string | undefined => {
  if (test === undefined) return undefined;
  const { value, low, high } = test.accuracy;
  return messages.accuracy(
    title,
    formatCount(test.images),
    formatPercent(value),
    formatPercent(low),
    formatPercent(high),
  );
};
