import { useQuery } from '@tanstack/react-query';

import type { components } from '@/api/schema';
import type { ModelSummary } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';

type Summary = components['schemas']['SpeedSummary'];
export type Speed = Summary['models'][number];

/** Fetches the recent speed of each model on this server. */
export const useSpeed = () => useQuery({ ...apiQuery('/api/v1/speed'), staleTime: 0 });

/** Returns the speed of an installed model; undefined if it has not been measured. */
export const speedOf = (
  { name, network }: ModelSummary,
  summary: Summary | undefined,
): Speed | undefined =>
  summary?.models.find((one) => one.model === name && one.model_sha256 === network.sha256);
