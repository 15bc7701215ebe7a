import { useQuery } from '@tanstack/react-query';

import { api, type ApiError, dataOf, type ModelSummary } from '@/lib/api-client';

const getSummary = (signal: AbortSignal) => dataOf(api.GET('/api/v1/feedback/summary', { signal }));

type Summary = Awaited<ReturnType<typeof getSummary>>;
export type Agreement = Summary['models'][number];

/** How often people agreed with each model, as of now. */
export const useAgreement = () =>
  useQuery<Summary, ApiError>({
    queryKey: ['agreement'],
    queryFn: ({ signal }) => getSummary(signal),
    staleTime: 0,
  });

/** What people said of this very version of a model; undefined where nobody has said a thing. */
export const agreementWith = (
  { name, network }: ModelSummary,
  summary: Summary | undefined,
): Agreement | undefined =>
  summary?.models.find((one) => one.model === name && one.model_sha256 === network.sha256);
