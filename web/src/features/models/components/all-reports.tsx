import { Stack, Title } from '@mantine/core';

import { readCard } from '@/features/models/card';
import classes from '@/features/models/components/model-report.module.css';
import { TOPICS } from '@/features/models/components/topics';
import type { Card } from '@/lib/api-client';

/** All that is known of how well the models do, one beside the other. */
export const AllReports = ({ cards }: { cards: Card[] }) => (
  <Stack gap="md">
    {TOPICS.map(({ title, explained, draw }) => {
      const drawn = cards.flatMap((card) => {
        const read = readCard(card);
        const one = draw(read);
        return one ? [{ card, read, drawn: one }] : [];
      });
      const [first] = drawn;
      return (
        first && (
          <section key={title} className={classes.panel}>
            <Title order={3}>{title}</Title>
            <p className={classes.explained}>{explained(first.read)}</p>
            <div className={classes.beside}>
              {drawn.map((one) => (
                <div key={one.card.name} role="group" aria-label={one.card.title}>
                  <Title order={4} size="h6" mb="xs">
                    {one.card.title}
                  </Title>
                  {one.drawn}
                </div>
              ))}
            </div>
          </section>
        )
      );
    })}
  </Stack>
);
