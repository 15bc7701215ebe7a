import { queryOptions, useQuery } from '@tanstack/react-query';

import type { components } from '@/api/schema';
import { api, type ApiError, dataOf } from '@/lib/api-client';

export type ServerSettings = components['schemas']['PublicSettings'];

/** The query for the settings of the server: access, retention and limits. */
export const serverSettingsQuery = queryOptions<ServerSettings, ApiError>({
  queryKey: ['server-settings'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/v1/settings', { signal })),
});

/** The settings of the server; undefined until they are loaded. */
export const useServerSettings = (): ServerSettings | undefined =>
  useQuery(serverSettingsQuery).data;
