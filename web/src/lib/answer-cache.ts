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

const changed = (data: unknown, id: string, changes: Partial<Classification>): unknown => {
  const within = (part: unknown) => changed(part, id, changes);
  if (Array.isArray(data)) return data.map(within);
  if (typeof data !== 'object' || data === null) return data;
  if ('id' in data) return data.id === id ? { ...data, ...changes } : data;
  if ('items' in data) return { ...data, items: within(data.items) };
  return 'pages' in data ? { ...data, pages: within(data.pages) } : data;
};
