import { useQuery } from '@tanstack/react-query';

import { api, type ApiError, dataOf, type ModelSummary } from '@/lib/api-client';

const getSpeed = (signal: AbortSignal) => dataOf(api.GET('/api/v1/speed', { signal }));

type Summary = Awaited<ReturnType<typeof getSpeed>>;
export type Speed = Summary['models'][number];

/** How fast each model answered lately, as of now. */
export const useSpeed = () =>
  useQuery<Summary, ApiError>({
    queryKey: ['speed'],
    queryFn: ({ signal }) => getSpeed(signal),
    staleTime: 0,
  });

/** How fast this very version of a model is; undefined where it gave no answer yet. */
export const speedOf = (
  { name, network }: ModelSummary,
  summary: Summary | undefined,
): Speed | undefined =>
  summary?.models.find((one) => one.model === name && one.model_sha256 === network.sha256);
