import { Group, NativeSelect, Skeleton, Text, Title } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';

import { LearnLink } from '@/components/ui/learn-link';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { AgreementTable } from '@/features/models/components/agreement-table';
import { AllReports } from '@/features/models/components/all-reports';
import { ModelReport } from '@/features/models/components/model-report';
import { ModelTable } from '@/features/models/components/model-table';
import type { ModelSummary } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';
import { ALL, cardQuery, titleOf, useModels } from '@/lib/models';

/** Compares the installed models and shows their reports. */
export const ModelsPage = () => {
  const messages = useMessages();
  const text = messages.performance;
  const { data: models, error, refetch } = useModels();
  return (
    <Page title={text.title} lead={text.lead}>
      <Group gap="lg">
        <LearnLink to="figures">{messages.learn.figures}</LearnLink>
        <LearnLink to="data#limits">{messages.learn.data}</LearnLink>
      </Group>
      <Text maw="48rem">{text.intervals}</Text>
      {error && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {models === undefined && !error && <Placeholder />}
      {models !== undefined && (
        <>
          <div>
            <ModelTable models={models} />
          </div>
          <Reports models={models} />
          <AgreementTable models={models} />
        </>
      )}
    </Page>
  );
};

const Placeholder = () => <Skeleton height="40rem" radius="lg" aria-busy />;

/** Shows the report of one model or of all models, depending on the URL. */
const Reports = ({ models }: { models: ModelSummary[] }) => {
  const text = useMessages().performance;
  const [params, setParams] = useSearchParams();
  const requested = params.get('model');
  const model = models.find(({ name }) => name === requested) ?? models[0];
  const isAll = requested === ALL && models.length > 1;
  const cards = useQueries({
    queries: (isAll ? models : models.filter((one) => one === model)).map(({ name }) =>
      cardQuery(name),
    ),
  });
  const read = cards.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const failed = cards.find(({ error }) => error !== null);
  if (model === undefined) return null;
  const [card] = read;
  return (
    <section aria-labelledby="reports">
      <Title order={2} id="reports" size="h3" mb="sm">
        {isAll ? text.allReports : text.report({ model: model.title })}
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
          value={isAll ? ALL : model.name}
          onChange={({ currentTarget: { value } }) => {
            setParams({ model: value }, { replace: true, preventScrollReset: true });
          }}
        />
      )}
      {failed?.error && (
        <ProblemMessage error={failed.error} onRetry={() => void failed.refetch()} />
      )}
      {!failed && read.length < cards.length && <Placeholder />}
      {read.length === cards.length && isAll && <AllReports cards={read} />}
      {read.length === cards.length && !isAll && card && (
        <ModelReport
          key={card.name}
          card={card}
          members={model.members.map(({ name }) => titleOf(models, name))}
        />
      )}
    </section>
  );
};
