import { Stack, Title } from '@mantine/core';

import classes from '@/features/models/components/model-report.module.css';
import { reportSections } from '@/features/models/components/report-sections';
import { readCard } from '@/features/models/model-card';
import type { Card } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';

/** Shows the reports of all models side by side, section by section. */
export const AllReports = ({ cards }: { cards: Card[] }) => {
  const text = useMessages().performance;
  return (
    <Stack gap="md">
      {reportSections(text).map(({ title, explained, render }) => {
        const entries = cards.flatMap((card) => {
          const read = readCard(card);
          const content = render(read);
          return content ? [{ card, read, content }] : [];
        });
        const [first] = entries;
        return (
          first && (
            <section key={title} className={classes.panel}>
              <Title order={3}>{title}</Title>
              <p className={classes.explained}>{explained(first.read)}</p>
              <div className={classes.columns}>
                {entries.map((entry) => (
                  <div key={entry.card.name} role="group" aria-label={entry.card.title}>
                    <Title order={4} size="h6" mb="xs">
                      {entry.card.title}
                    </Title>
                    {entry.content}
                  </div>
                ))}
              </div>
            </section>
          )
        );
      })}
    </Stack>
  );
};
