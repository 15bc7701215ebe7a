import { Text } from '@mantine/core';

import classes from '@/features/models/components/measured-accuracy.module.css';
import type { ModelSummary } from '@/lib/api-client';
import { formatCount, formatPercent } from '@/lib/format';
import { currentMessages } from '@/lib/messages';
import { expectedMetrics, useChosenModel, useModels } from '@/lib/models';

/** Shows the accuracy to expect from the selected model, or nothing if it is unknown. */
export const MeasuredAccuracy = () => {
  const { data: models = [] } = useModels();
  const [chosen] = useChosenModel();
  const model = models.find(({ name }) => name === chosen) ?? models.at(-1);
  return (
    <Text size="sm" c="dimmed" className={classes.accuracy}>
      {model && describe(model)}
    </Text>
  );
};

const describe = ({ title, metrics }: ModelSummary): string | undefined => {
  const messages = currentMessages();
  const expected = expectedMetrics(metrics);
  if (expected === undefined) return undefined;
  const { value, low, high } = expected.accuracy;
  const sentence = metrics.source_test ? messages.accuracyOnNewSources : messages.accuracy;
  return sentence({
    model: title,
    images: formatCount(expected.images),
    accuracy: formatPercent(value),
    low: formatPercent(low),
    high: formatPercent(high),
  });
};
