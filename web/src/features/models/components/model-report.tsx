import { Stack, Text, Title } from '@mantine/core';

import classes from '@/features/models/components/model-report.module.css';
import { reportSections } from '@/features/models/components/report-sections';
import { readCard } from '@/features/models/model-card';
import type { Card } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { useMessages } from '@/lib/messages';

interface Props {
  card: Card;
  /** The titles of the members of an ensemble; empty for a single model. */
  members: string[];
}

/** Shows the report of one model. */
export const ModelReport = ({ card, members }: Props) => {
  const text = useMessages().performance;
  const read = readCard(card);
  return (
    <Stack gap="md">
      {members.length > 0 && <Text>{text.members({ models: formatList(members) })}</Text>}
      <Text c="dimmed">
        {text.limits} <span lang="en">{read.limits}</span>
      </Text>
      <div className={classes.panels}>
        {reportSections(text).map(({ title, explained, render }) => {
          const content = render(read);
          return (
            content && (
              <section key={title} className={classes.panel}>
                <Title order={3}>{title}</Title>
                <p className={classes.explained}>{explained(read)}</p>
                {content}
              </section>
            )
          );
        })}
      </div>
    </Stack>
  );
};
