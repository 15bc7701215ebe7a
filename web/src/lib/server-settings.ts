import { useQuery } from '@tanstack/react-query';

import type { components } from '@/api/schema';
import { apiQuery } from '@/lib/api-query';

export type ServerSettings = components['schemas']['PublicSettings'];

/** The query for the settings of the server: access, retention and limits. */
export const serverSettingsQuery = apiQuery('/api/v1/settings');

/** The settings of the server; undefined until they are loaded. */
export const useServerSettings = (): ServerSettings | undefined =>
  useQuery(serverSettingsQuery).data;
