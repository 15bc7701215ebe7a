import type { components } from '@/api/schema';
import type { Classification } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';
import { serverPath } from '@/lib/base-path';

type SharedClassification = components['schemas']['SharedClassification'];

const SHARED = 'shared/';

/** Returns whether an id is that of a shared answer: its path below `api/v1`. */
export const isShared = (id: string): boolean => id.startsWith(SHARED);

/** Returns the id of a shared answer. */
export const sharedId = (token: string): string => `${SHARED}${token}`;

/** Returns the address of the page that shows a shared answer to everybody. */
export const sharedUrl = (token: string): string =>
  `${window.location.origin}${serverPath(sharedId(token))}`;

/** The query for a shared answer. It has no file name and no feedback. */
export const sharedQuery = (token: string) => ({
  ...apiQuery('/api/v1/shared/{token}', { params: { path: { token } } }),
  select: (shared: SharedClassification): Classification => ({
    ...shared,
    id: sharedId(token),
    elapsed_ms: { decode: 0, infer: 0 },
    feedback: null,
    share: null,
  }),
});
