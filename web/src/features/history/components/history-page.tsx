import { Button, Group, Skeleton, Text } from '@mantine/core';
import { lazy, Suspense, useCallback, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';

import { Thumbnail } from '@/components/answer/thumbnail';
import { DownloadButtons } from '@/components/answer-list/download-buttons';
import { type Chip, ListBar, SelectionBar } from '@/components/answer-list/list-bar';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { useAllIds, useCounts, useHistory } from '@/features/history/api/get-history';
import { FilterBar } from '@/features/history/components/filter-bar';
import classes from '@/features/history/components/history-page.module.css';
import { filterFields, filterOf } from '@/features/history/filter';
import { answeredText } from '@/lib/answered-text';
import { deletions, useDeletions } from '@/lib/deletions';
import { useListLayout } from '@/lib/list-layout';
import { useMessages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';
import { scrollKeyOf } from '@/lib/scroll-key';
import { NOTHING, selectAll } from '@/lib/selection';
import { useSession } from '@/lib/session';

// Not needed before the page can be used; see `preloadPages`.
const AnswerList = lazy(async () => ({
  default: (await import('@/components/answer-list/answer-list')).AnswerList,
}));

/** Lists this client's classifications, with filters and download buttons. */
export const HistoryPage = () => {
  const messages = useMessages();
  const text = messages.history;
  const [params, setParams] = useSearchParams();
  const scrollKey = scrollKeyOf(useLocation());
  const [layout, setLayout] = useListLayout();
  const [selection, setSelection] = useState(NOTHING);
  const { hidden } = useDeletions();
  const { data: models = [] } = useModels();
  const filter = filterOf(params);
  const { data: counts } = useCounts(filter);
  const fields = filterFields(models, counts);
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useHistory(filter);
  const { data: session } = useSession();
  const allIds = useAllIds(filter);
  const loaded = data?.pages.flatMap(({ items }) => items);
  const answers = loaded?.filter(({ id }) => !hidden.has(id));
  const total = hasNextPage
    ? Math.max((counts?.total ?? 0) - hidden.size, answers?.length ?? 0)
    : (answers?.length ?? 0);
  const selected = new Set([...selection.keys].filter((key) => !hidden.has(key)));

  const change = (name: string, value: string) => {
    setSelection(NOTHING);
    setParams(
      (before) => {
        const isDefault = fields.some(
          (one) => one.name === name && one.options[0]?.value === value,
        );
        if (isDefault || value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { preventScrollReset: true, replace: name === 'text' },
    );
  };
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  const deleteAnswers = (ids: string[]) => {
    deletions.begin(ids);
    setSelection(NOTHING);
  };
  const isChosen = (chip: Chip) =>
    chip === 'other' ? filter.label === 'other' : filter.verdict === chip;

  return (
    <Page title={text.title} lead={text.lead}>
      <FilterBar fields={fields} filter={filter} params={params} onChange={change} />
      <ListBar
        counts={{ ...counts?.verdicts, other: counts?.labels.other ?? 0 }}
        chosen={isChosen}
        onChoose={(chip) => {
          const value = isChosen(chip) ? '' : chip;
          change(chip === 'other' ? 'label' : 'verdict', value);
        }}
        layout={layout}
        onLayout={setLayout}
      />
      {error && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {answers === undefined && !error && <Skeleton height="40rem" radius="lg" aria-busy />}
      {answers !== undefined && (
        <>
          <Group justify="space-between">
            <div>
              <Text role="status" c="dimmed">
                {text.count({ count: total })}
                {counts?.first && counts.last && total > 0
                  ? `. ${answeredText(counts.first, counts.last)}`
                  : ''}
              </Text>
              {answers.length > 0 && (
                <Text size="sm" c="dimmed" visibleFrom="sm">
                  {messages.list.hint}
                </Text>
              )}
            </div>
            {answers.length > 0 && <DownloadButtons selection={{ filter }} />}
          </Group>
          {session && !session.remembered && !session.has_key && (
            <Text size="sm">{messages.session.ends}</Text>
          )}
          {answers.length === 0 && (params.size === 0 ? <EmptyHistory /> : <NoMatches />)}
          {answers.length > 0 && (
            <Suspense fallback={<Skeleton height="40rem" radius="lg" aria-busy />}>
              <AnswerList
                title={text.title}
                layout={layout}
                rows={answers.map((answer) => ({
                  key: answer.id,
                  name: answer.path,
                  answers: [answer],
                }))}
                total={total}
                titleOf={(model) => titleOf(models, model)}
                sort={filter.sort ?? 'newest'}
                onSort={(sort) => {
                  change('sort', sort);
                }}
                selection={{ ...selection, keys: selected }}
                onSelect={setSelection}
                onDelete={deleteAnswers}
                isBusy={isFetching}
                onEnd={loadMore}
                renderOpen={(row, open) => (
                  <Link
                    {...open}
                    className={open.className ?? ''}
                    to={`/answers/${row.key}`}
                    state={{ list: { search: params.toString(), scrollKey } }}
                  />
                )}
                renderThumbnail={(row) => <Thumbnail id={row.key} />}
              />
            </Suspense>
          )}
          <SelectionBar
            count={selected.size}
            total={total}
            isLoading={allIds.isPending}
            onAll={() => {
              allIds.mutate(undefined, {
                onSuccess: (ids) => {
                  setSelection(selectAll(ids));
                },
              });
            }}
            onNone={() => {
              setSelection(NOTHING);
            }}
            onDelete={() => {
              deleteAnswers([...selected]);
            }}
          />
          {allIds.error && <Text role="alert">{allIds.error.message}</Text>}
        </>
      )}
    </Page>
  );
};

const EmptyHistory = () => {
  const text = useMessages().history;
  return (
    <div className={classes.end}>
      <Text mb="md">{text.empty}</Text>
      <Button component={Link} to="/" radius="xl">
        {text.start}
      </Button>
    </div>
  );
};

const NoMatches = () => {
  const text = useMessages().history;
  return (
    <div className={classes.end}>
      <Text mb="md">{text.noMatches}</Text>
      <Button component={Link} to="/history" radius="xl" variant="default">
        {text.clearFilters}
      </Button>
    </div>
  );
};
