import { QueryClient } from '@tanstack/react-query';

import { ApiError } from '@/lib/api-client';

/** The maximum number of retries if the server is overloaded. */
const MAX_RETRIES = 10;

const isBusy = (error: Error) => error instanceof ApiError && error.isBusy;

/** Requests are repeated only if the server is overloaded, after the time that it states. */
const RETRIES = {
  retry: (failures: number, error: Error) => isBusy(error) && failures < MAX_RETRIES,
  retryDelay: (_: number, error: Error) =>
    1000 * (error instanceof ApiError ? (error.retryAfter ?? 0) : 0),
};

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      // The server may run on this machine, so queries must also work offline.
      queries: {
        ...RETRIES,
        networkMode: 'always',
        refetchOnWindowFocus: false,
        staleTime: Infinity,
      },
      mutations: { ...RETRIES, networkMode: 'always' },
    },
  });
