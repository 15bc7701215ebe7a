import { NativeSelect, Skeleton, Text, Title } from '@mantine/core';
import { useSearchParams } from 'react-router';

import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { ModelReport } from '@/features/models/components/model-report';
import { SideBySide } from '@/features/models/components/side-by-side';
import { messages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';

const text = messages.performance;

/** How well the installed models do: side by side, and each in full. */
export const ModelsPage = () => {
  const { data: cards, error, refetch } = useModels();
  const [params, setParams] = useSearchParams();
  const card = cards?.find(({ name }) => name === params.get('model')) ?? cards?.[0];
  return (
    <Page title={text.title} lead={text.lead}>
      {error && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {cards === undefined && !error && <Skeleton height="40rem" radius="lg" aria-busy />}
      {cards !== undefined && (
        <div>
          <SideBySide cards={cards} />
          <Text size="sm" c="dimmed" mt="xs">
            {text.intervals}
          </Text>
        </div>
      )}
      {cards !== undefined && card !== undefined && (
        <section aria-labelledby="in-full">
          <Title order={2} id="in-full" size="h3" mb="sm">
            {text.inFull(card.title)}
          </Title>
          {cards.length > 1 && (
            <NativeSelect
              mb="md"
              maw="18rem"
              label={text.choose}
              data={cards.map(({ name, title }) => ({ value: name, label: title }))}
              value={card.name}
              onChange={({ currentTarget: { value } }) => {
                setParams({ model: value }, { replace: true, preventScrollReset: true });
              }}
            />
          )}
          <ModelReport card={card} titleOf={(model) => titleOf(cards, model)} />
        </section>
      )}
    </Page>
  );
};
