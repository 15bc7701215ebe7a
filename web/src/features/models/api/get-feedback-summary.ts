import { useQuery } from '@tanstack/react-query';

import type { components } from '@/api/schema';
import type { ModelSummary } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';

type Summary = components['schemas']['FeedbackSummary'];
export type ModelFeedback = Summary['models'][number];

/** Fetches a summary of the feedback on each model. */
export const useFeedbackSummary = () =>
  useQuery({ ...apiQuery('/api/v1/feedback/summary'), staleTime: 0 });

/** Returns the feedback on an installed model; undefined if there is none. */
export const feedbackOf = (
  { name, network }: ModelSummary,
  summary: Summary | undefined,
): ModelFeedback | undefined =>
  summary?.models.find((one) => one.model === name && one.model_sha256 === network.sha256);
