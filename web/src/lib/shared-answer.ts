import { queryOptions } from '@tanstack/react-query';

import { api, type ApiError, type Classification, dataOf } from '@/lib/api-client';
import { serverPath } from '@/lib/base-path';

const SHARED = 'shared/';

/** Returns whether an id is that of a shared answer: its path below `api/v1`. */
export const isShared = (id: string): boolean => id.startsWith(SHARED);

/** Returns the address of the page that shows a shared answer to everybody. */
export const sharedUrl = (token: string): string =>
  `${window.location.origin}${serverPath(`${SHARED}${token}`)}`;

/** The query for a shared answer. It has no file name and no feedback. */
export const sharedQuery = (token: string) =>
  queryOptions<Classification, ApiError>({
    queryKey: ['shared', token],
    queryFn: async ({ signal }) => {
      const shared = await dataOf(
        api.GET('/api/v1/shared/{token}', { params: { path: { token } }, signal }),
      );
      return {
        ...shared,
        id: `${SHARED}${token}`,
        elapsed_ms: { decode: 0, infer: 0 },
        feedback: null,
        share: null,
      };
    },
  });
