import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';

import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { useHistory } from '@/features/history/api/history';
import { AnswerGrid } from '@/features/history/components/answer-grid';
import { DownloadButtons } from '@/features/history/components/download-buttons';
import { FilterBar } from '@/features/history/components/filter-bar';
import { choices, filterOf } from '@/features/history/filter';
import { messages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';
import { placeOf } from '@/lib/place';

const text = messages.history;

/** One's own answers, to look through, sort and save. */
export const HistoryPage = () => {
  const [params, setParams] = useSearchParams();
  const place = placeOf(useLocation());
  const [awaited, setAwaited] = useState<number>();
  const { data: models = [] } = useModels();
  const offered = choices(models);
  const filter = filterOf(params, offered);
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useHistory(filter);
  const answers = data?.pages.flatMap(({ items }) => items);
  const isAll = params.size === 0;

  const change = (name: string, value: string) => {
    setAwaited(undefined);
    setParams((before) => {
      const isUsual = offered.some((one) => one.name === name && one.options[0]?.value === value);
      if (isUsual) before.delete(name);
      else before.set(name, value);
      return before;
    });
  };

  return (
    <Page title={text.title} lead={text.lead}>
      <FilterBar choices={offered} filter={filter} onChange={change} />
      {error && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {answers === undefined && !error && <Skeleton height="20rem" radius="lg" aria-busy />}
      {answers !== undefined && (
        <>
          <Group justify="space-between">
            <Text role="status" c="dimmed">
              {text.count(answers.length, hasNextPage)}
            </Text>
            {answers.length > 0 && <DownloadButtons filter={filter} />}
          </Group>
          {answers.length === 0 && (isAll ? <Nothing /> : <NothingLike />)}
          <AnswerGrid
            answers={answers}
            titleOf={(model) => titleOf(models, model)}
            list={{ search: params.toString(), place }}
            focused={awaited === undefined ? undefined : data?.pages[awaited]?.items[0]?.id}
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
            setAwaited(data?.pages.length);
            void fetchNextPage();
          }}
        >
          {text.more}
        </Button>
      )}
    </Page>
  );
};

const Nothing = () => (
  <div>
    <Text mb="md">{text.nothing}</Text>
    <Button component={Link} to="/" radius="xl">
      {text.start}
    </Button>
  </div>
);

const NothingLike = () => (
  <div>
    <Text mb="md">{text.nothingLike}</Text>
    <Button component={Link} to="/history" radius="xl" variant="default">
      {text.showAll}
    </Button>
  </div>
);
