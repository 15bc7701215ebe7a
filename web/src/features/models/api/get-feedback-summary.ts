import { useQuery } from '@tanstack/react-query';

import { api, type ApiError, dataOf, type ModelSummary } from '@/lib/api-client';

const getSummary = (signal: AbortSignal) => dataOf(api.GET('/api/v1/feedback/summary', { signal }));

type Summary = Awaited<ReturnType<typeof getSummary>>;
export type ModelFeedback = Summary['models'][number];

/** Fetches a summary of the feedback on each model. */
export const useFeedbackSummary = () =>
  useQuery<Summary, ApiError>({
    queryKey: ['feedback-summary'],
    queryFn: ({ signal }) => getSummary(signal),
    staleTime: 0,
  });

/** Returns the feedback on an installed model; undefined if there is none. */
export const feedbackOf = (
  { name, network }: ModelSummary,
  summary: Summary | undefined,
): ModelFeedback | undefined =>
  summary?.models.find((one) => one.model === name && one.model_sha256 === network.sha256);
