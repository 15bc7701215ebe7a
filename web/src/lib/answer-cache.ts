import type { QueryClient } from '@tanstack/react-query';

import type { Classification } from '@/lib/api-client';

/** How the keys begin of all queries whose data hold answers: alone, in lists or in pages. */
export const ANSWERS = 'answers';

/** Changes an answer wherever it is remembered, so that all parts of the page say the same of it. */
export const changeAnswer = (
  queryClient: QueryClient,
  id: string,
  changes: Partial<Classification>,
): void => {
  queryClient.setQueriesData<unknown>({ queryKey: [ANSWERS] }, (data: unknown) =>
    changed(data, id, changes),
  );
};

/** Forgets an answer, with all that was remembered beside it: lists are asked for again. */
export const forgetAnswer = (queryClient: QueryClient, id: string): void => {
  queryClient.removeQueries({
    queryKey: [ANSWERS],
    predicate: ({ state: { data } }) => holds(data, id),
  });
};

/** Has everything asked anew, as by someone else: what was answered to the one before is forgotten. */
export const startAnew = (queryClient: QueryClient): Promise<void> => {
  queryClient.removeQueries({ queryKey: [ANSWERS], type: 'inactive' });
  return queryClient.resetQueries();
};

const holds = (data: unknown, id: string): boolean => {
  if (Array.isArray(data)) return data.some((one) => holds(one, id));
  if (typeof data !== 'object' || data === null) return false;
  if ('id' in data) return data.id === id;
  return ['items', 'pages'].some((part) => part in data && holds(data[part as keyof typeof data], id));
};

const changed = (data: unknown, id: string, changes: Partial<Classification>): unknown => {
  const within = (part: unknown) => changed(part, id, changes);
  if (Array.isArray(data)) return data.map(within);
  if (typeof data !== 'object' || data === null) return data;
  if ('id' in data) return data.id === id ? { ...data, ...changes } : data;
  if ('items' in data) return { ...data, items: within(data.items) };
  return 'pages' in data ? { ...data, pages: within(data.pages) } : data;
};
