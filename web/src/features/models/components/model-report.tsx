import { Stack, Text, Title } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';

import { readCard, type TestMetrics } from '@/features/models/card';
import { ConfusionMatrix } from '@/features/models/components/confusion-matrix';
import { DataTable } from '@/features/models/components/data-table';
import classes from '@/features/models/components/model-report.module.css';
import { ReliabilityDiagram } from '@/features/models/components/reliability-diagram';
import { TrainingCurves } from '@/features/models/components/training-curves';
import type { Card, Label } from '@/lib/api-client';
import { formatCount, formatList, formatShare } from '@/lib/format';
import { messages } from '@/lib/messages';

interface Props {
  card: Card;
  titleOf: (model: string) => string;
}

const text = messages.performance;

/** All that is known of how well one model does. */
export const ModelReport = ({ card, titleOf }: Props) => {
  const { test, use, members, head, fineTuning } = readCard(card);
  return (
    <Stack gap="md">
      {members.length > 0 && <Text>{text.members(formatList(members.map(titleOf)))}</Text>}
      {use?.limits !== undefined && <Text c="dimmed">{text.limits(use.limits)}</Text>}
      <div className={classes.panels}>
        {test && test.confusion.length > 0 && (
          <Panel
            title={text.confusion.title}
            explained={text.confusion.explained(formatCount(test.pictures))}
          >
            <ConfusionMatrix labels={card.labels} confusion={test.confusion} />
          </Panel>
        )}
        {test?.reliability && (
          <Panel title={text.reliability.title} explained={text.reliability.explained}>
            <ReliabilityDiagram groups={test.reliability} />
          </Panel>
        )}
        {head.length + fineTuning.length > 1 && (
          <Panel title={text.training.title} explained={text.training.explained}>
            <TrainingCurves head={head} fineTuning={fineTuning} />
          </Panel>
        )}
        {test && Object.keys(test.per_class).length > 0 && (
          <Panel title={text.perClass.title} explained={text.perClass.explained}>
            <PerClass labels={card.labels} test={test} />
          </Panel>
        )}
      </div>
    </Stack>
  );
};

const Panel = (props: { title: string; explained: string; children: ReactNode }) => (
  <section className={classes.panel}>
    <Title order={3}>{props.title}</Title>
    <p className={classes.explained}>{props.explained}</p>
    {props.children}
  </section>
);

const PerClass = ({ labels, test }: { labels: Label[]; test: TestMetrics }) => (
  <DataTable
    title={text.perClass.title}
    head={[text.perClass.label, text.perClass.precision, text.perClass.recall, text.perClass.f1]}
    rows={labels.flatMap((label) => {
      const measured = test.per_class[label];
      if (measured === undefined) return [];
      const { precision, recall, f1 } = measured;
      const cells = [precision, recall, f1].map(({ value, low, high }, index) => (
        <Fragment key={index}>
          {formatShare(value)}
          <Text span display="block" size="xs" c="dimmed">
            {text.range(formatShare(low), formatShare(high))}
          </Text>
        </Fragment>
      ));
      return [{ key: label, title: messages.labels[label], cells }];
    })}
  />
);
