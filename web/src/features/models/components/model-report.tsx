import { Stack, Text, Title } from '@mantine/core';

import classes from '@/features/models/components/model-report.module.css';
import { REPORT_SECTIONS } from '@/features/models/components/report-sections';
import { readCard } from '@/features/models/model-card';
import type { Card } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { messages } from '@/lib/messages';

interface Props {
  card: Card;
  /** The titles of the members of an ensemble; empty for a single model. */
  members: string[];
}

const text = messages.performance;

/** Shows the report of one model. */
export const ModelReport = ({ card, members }: Props) => {
  const read = readCard(card);
  return (
    <Stack gap="md">
      {members.length > 0 && <Text>{text.members(formatList(members))}</Text>}
      <Text c="dimmed">
        {text.limits} <span lang="en">{read.limits}</span>
      </Text>
      <div className={classes.panels}>
        {REPORT_SECTIONS.map(({ title, explained, render }) => {
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
