import type { InfiniteData, QueryClient } from '@tanstack/react-query';

import type { AnswerPage, Classification } from '@/lib/api-client';
import { forgetKeptAnswers } from '@/lib/offline';

/** The first part of the query key of every cache entry that contains classifications. */
export const ANSWERS = 'classifications';

/** The paths of lists and counts, which are the second part of their query keys. */
export const LIST = '/api/v1/classifications';
export const COUNTS = '/api/v1/classifications/counts';

/** Updates a classification in all cache entries that contain it. */
export const updateAnswer = (
  queryClient: QueryClient,
  id: string,
  changes: Partial<Classification>,
): void => {
  queryClient.setQueriesData<unknown>({ queryKey: [ANSWERS] }, (data: unknown) =>
    changed(data, id, changes),
  );
};

/** Removes classifications from all lists, and the other cache entries that contain them. */
export const forgetAnswers = (queryClient: QueryClient, ids: ReadonlySet<string>): void => {
  queryClient.setQueriesData<InfiniteData<AnswerPage>>(
    { queryKey: [ANSWERS, LIST] },
    (list) =>
      list && {
        ...list,
        pages: list.pages.map(({ items, ...page }) => ({
          ...page,
          items: items.filter(({ id }) => !ids.has(id)),
        })),
      },
  );
  queryClient.removeQueries({
    queryKey: [ANSWERS],
    predicate: ({ queryKey, state: { data } }) =>
      queryKey[1] !== LIST && [...ids].some((id) => contains(data, id)),
  });
};

/**
 * Clears the cached responses and refetches all active queries. Called when the API key changes.
 */
export const resetAnswers = async (queryClient: QueryClient): Promise<void> => {
  await forgetKeptAnswers();
  queryClient.removeQueries({ queryKey: [ANSWERS], type: 'inactive' });
  await queryClient.resetQueries();
};

const contains = (data: unknown, id: string): boolean => {
  if (Array.isArray(data)) return data.some((one) => contains(one, id));
  if (typeof data !== 'object' || data === null) return false;
  if ('id' in data) return data.id === id;
  if ('items' in data) return contains(data.items, id);
  return 'pages' in data && contains(data.pages, id);
};

const changed = (data: unknown, id: string, changes: Partial<Classification>): unknown => {
  const within = (part: unknown) => changed(part, id, changes);
  if (Array.isArray(data)) return data.map(within);
  if (typeof data !== 'object' || data === null) return data;
  if ('id' in data) return data.id === id ? { ...data, ...changes } : data;
  if ('items' in data) return { ...data, items: within(data.items) };
  return 'pages' in data ? { ...data, pages: within(data.pages) } : data;
};
