import { useQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import {
  type AnswerSummary,
  api,
  type ApiError,
  type Classification,
  dataOf,
} from '@/lib/api-client';

const answerQuery = (id: string) => ({
  queryKey: [ANSWERS, 'one', id],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    dataOf(api.GET('/api/v1/classifications/{id}', { params: { path: { id } }, signal })),
  staleTime: 0,
});

/** Fetches one of this client's classifications. */
export const useAnswer = (id: string) => useQuery<Classification, ApiError>(answerQuery(id));

/**
 * Returns a classification from a list with all of its fields. The objects in the field and the
 * place on the sky are missing until they are loaded.
 */
export const useWholeAnswer = (summary: AnswerSummary | undefined): Classification | undefined => {
  const { data } = useQuery<Classification, ApiError>({
    ...answerQuery(summary?.id ?? ''),
    enabled: summary !== undefined,
  });
  return summary && { objects: [], sky: null, sky_error: null, ...data, ...summary };
};
