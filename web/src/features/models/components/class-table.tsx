import { Text } from '@mantine/core';
import { Fragment } from 'react';

import { DataTable } from '@/components/ui/data-table';
import { metricsOf } from '@/features/models/class-metrics';
import type { ModelCard } from '@/features/models/model-card';
import type { Label } from '@/lib/api-client';
import { formatPercent } from '@/lib/format';
import { labelName } from '@/lib/labels';
import { useMessages } from '@/lib/messages';

interface Props {
  /** The title of the model. */
  model: string;
  labels: Label[];
  test: NonNullable<ModelCard['test']>;
}

/** A table of the precision, recall and F1 score of each class. */
export const ClassTable = ({ model, labels, test }: Props) => {
  const text = useMessages().performance;
  return (
    <DataTable
      title={text.perClass.of({ model })}
      head={[text.perClass.label, text.perClass.precision, text.perClass.recall, text.perClass.f1]}
      rows={labels.flatMap((label) => {
        const measured = metricsOf(test, labels, label);
        if (measured === undefined) return [];
        const { precision, recall, f1 } = measured;
        const cells = [precision, recall, f1].map(({ value, low, high }, index) => (
          <Fragment key={index}>
            {formatPercent(value)}
            <Text span display="block" size="xs" c="dimmed">
              {text.range({ low: formatPercent(low), high: formatPercent(high) })}
            </Text>
          </Fragment>
        ));
        return [{ key: label, title: labelName(label), cells }];
      })}
    />
  );
};
