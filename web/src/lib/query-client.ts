import { QueryClient } from '@tanstack/react-query';

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** Whether the response does not depend on feedback, or is not updated after it. */
      ignoresFeedback?: boolean;
    };
  }
}

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      // The server may run on this machine, so queries must also work offline.
      queries: {
        networkMode: 'always',
        refetchOnWindowFocus: false,
        retry: false, // `send` repeats requests
        staleTime: Infinity,
      },
      mutations: { networkMode: 'always' },
    },
  });
