import { useQuery } from '@tanstack/react-query';

import { api, type ApiError, dataOf, type ModelSummary } from '@/lib/api-client';

const getSpeed = (signal: AbortSignal) => dataOf(api.GET('/api/v1/speed', { signal }));

type Summary = Awaited<ReturnType<typeof getSpeed>>;
export type Speed = Summary['models'][number];

/** Fetches the recent speed of each model on this server. */
export const useSpeed = () =>
  useQuery<Summary, ApiError>({
    queryKey: ['speed'],
    queryFn: ({ signal }) => getSpeed(signal),
    staleTime: 0,
  });

/** Returns the speed of an installed model; undefined if it has not been measured. */
export const speedOf = (
  { name, network }: ModelSummary,
  summary: Summary | undefined,
): Speed | undefined =>
  summary?.models.find((one) => one.model === name && one.model_sha256 === network.sha256);
