import type { QueryClient } from '@tanstack/react-query';

/** Resolves when no query is being fetched. */
export const whenFetched = (queryClient: QueryClient): Promise<void> =>
  new Promise((resolve) => {
    if (queryClient.isFetching() === 0) {
      resolve();
      return;
    }
    const stop = queryClient.getQueryCache().subscribe(() => {
      if (queryClient.isFetching() > 0) return;
      stop();
      resolve();
    });
  });
