import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';

import { DownloadButtons } from '@/components/answer-list/download-buttons';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { useHistory } from '@/features/history/api/get-history';
import { AnswerGrid } from '@/features/history/components/answer-grid';
import { FilterBar } from '@/features/history/components/filter-bar';
import { filterFields, filterOf } from '@/features/history/filter';
import { messages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';
import { scrollKeyOf } from '@/lib/scroll-key';

const text = messages.history;

/** Lists this client's classifications, with filters and download buttons. */
export const HistoryPage = () => {
  const [params, setParams] = useSearchParams();
  const scrollKey = scrollKeyOf(useLocation());
  const [newPage, setNewPage] = useState<number>();
  const { data: models = [] } = useModels();
  const fields = filterFields(models);
  const filter = filterOf(params, fields);
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useHistory(filter);
  const answers = data?.pages.flatMap(({ items }) => items);
  const isUnfiltered = params.size === 0;

  const change = (name: string, value: string) => {
    setNewPage(undefined);
    setParams((before) => {
      const isDefault = fields.some((one) => one.name === name && one.options[0]?.value === value);
      if (isDefault) before.delete(name);
      else before.set(name, value);
      return before;
    });
  };

  return (
    <Page title={text.title} lead={text.lead}>
      <FilterBar fields={fields} filter={filter} onChange={change} />
      {error && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {answers === undefined && !error && <Skeleton height="20rem" radius="lg" aria-busy />}
      {answers !== undefined && (
        <>
          <Group justify="space-between">
            <Text role="status" c="dimmed">
              {text.count(answers.length, hasNextPage)}
            </Text>
            {answers.length > 0 && <DownloadButtons selection={{ filter }} />}
          </Group>
          {answers.length === 0 && (isUnfiltered ? <EmptyHistory /> : <NoMatches />)}
          <AnswerGrid
            answers={answers}
            titleOf={(model) => titleOf(models, model)}
            list={{ search: params.toString(), scrollKey }}
            focused={newPage === undefined ? undefined : data?.pages[newPage]?.items[0]?.id}
          />
        </>
      )}
      {hasNextPage && (
        <Button
          variant="default"
          radius="xl"
          mx="auto"
          loading={isFetching}
          onClick={() => {
            setNewPage(data?.pages.length);
            void fetchNextPage();
          }}
        >
          {text.more}
        </Button>
      )}
    </Page>
  );
};

const EmptyHistory = () => (
  <div>
    <Text mb="md">{text.empty}</Text>
    <Button component={Link} to="/" radius="xl">
      {text.start}
    </Button>
  </div>
);

const NoMatches = () => (
  <div>
    <Text mb="md">{text.noMatches}</Text>
    <Button component={Link} to="/history" radius="xl" variant="default">
      {text.clearFilters}
    </Button>
  </div>
);
