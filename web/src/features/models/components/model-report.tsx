import { Stack, Text, Title } from '@mantine/core';

import { readCard } from '@/features/models/card';
import classes from '@/features/models/components/model-report.module.css';
import { TOPICS } from '@/features/models/components/topics';
import type { Card } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { messages } from '@/lib/messages';

interface Props {
  card: Card;
  /** The titles of the models that it asks, if it asks any. */
  members: string[];
}

const text = messages.performance;

/** All that is known of how well one model does. */
export const ModelReport = ({ card, members }: Props) => {
  const read = readCard(card);
  return (
    <Stack gap="md">
      {members.length > 0 && <Text>{text.members(formatList(members))}</Text>}
      <Text c="dimmed">
        {text.limits} <span lang="en">{read.limits}</span>
      </Text>
      <div className={classes.panels}>
        {TOPICS.map(({ title, explained, draw }) => {
          const drawn = draw(read);
          return (
            drawn && (
              <section key={title} className={classes.panel}>
                <Title order={3}>{title}</Title>
                <p className={classes.explained}>{explained(read)}</p>
                {drawn}
              </section>
            )
          );
        })}
      </div>
    </Stack>
  );
};
