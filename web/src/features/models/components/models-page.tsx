import { Group, NativeSelect, Skeleton, Title } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';

import { LearnLink } from '@/components/ui/learn-link';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { AllReports } from '@/features/models/components/all-reports';
import { ModelReport } from '@/features/models/components/model-report';
import { SideBySide } from '@/features/models/components/side-by-side';
import type { ModelSummary } from '@/lib/api-client';
import { messages } from '@/lib/messages';
import { ALL, cardQuery, titleOf, useModels } from '@/lib/models';

const text = messages.performance;

/** How well the installed models do: side by side, and each in full. */
export const ModelsPage = () => {
  const { data: models, error, refetch } = useModels();
  return (
    <Page title={text.title} lead={text.lead}>
      <Group gap="lg">
        <LearnLink to="figures">{messages.learn.figures}</LearnLink>
        <LearnLink to="data#limits">{messages.learn.data}</LearnLink>
      </Group>
      {error && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {models === undefined && !error && <Waiting />}
      {models !== undefined && (
        <>
          <div>
            <SideBySide models={models} />
          </div>
          <InFull models={models} />
        </>
      )}
    </Page>
  );
};

const Waiting = () => <Skeleton height="40rem" radius="lg" aria-busy />;

/** One model in full, or all beside each other, as the address says. */
const InFull = ({ models }: { models: ModelSummary[] }) => {
  const [params, setParams] = useSearchParams();
  const asked = params.get('model');
  const one = models.find(({ name }) => name === asked) ?? models[0];
  const isAll = asked === ALL && models.length > 1;
  const cards = useQueries({
    queries: (isAll ? models : models.filter((model) => model === one)).map(({ name }) =>
      cardQuery(name),
    ),
  });
  const read = cards.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const failed = cards.find(({ error }) => error !== null);
  if (one === undefined) return null;
  const [card] = read;
  return (
    <section aria-labelledby="in-full">
      <Title order={2} id="in-full" size="h3" mb="sm">
        {isAll ? text.allInFull : text.inFull(one.title)}
      </Title>
      {models.length > 1 && (
        <NativeSelect
          mb="md"
          maw="18rem"
          label={text.choose}
          data={[
            ...models.map(({ name, title }) => ({ value: name, label: title })),
            { value: ALL, label: text.all },
          ]}
          value={isAll ? ALL : one.name}
          onChange={({ currentTarget: { value } }) => {
            setParams({ model: value }, { replace: true, preventScrollReset: true });
          }}
        />
      )}
      {failed?.error && (
        <ProblemMessage error={failed.error} onRetry={() => void failed.refetch()} />
      )}
      {!failed && read.length < cards.length && <Waiting />}
      {read.length === cards.length && isAll && <AllReports cards={read} />}
      {read.length === cards.length && !isAll && card && (
        <ModelReport
          key={card.name}
          card={card}
          members={one.members.map(({ name }) => titleOf(models, name))}
        />
      )}
    </section>
  );
};
