import { useQuery } from '@tanstack/react-query';

import type { AnswerSummary, Classification } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';

const answerQuery = (id: string) => ({
  ...apiQuery('/api/v1/classifications/{id}', { params: { path: { id } } }),
  staleTime: 0,
});

/** Fetches one of this client's classifications. */
export const useAnswer = (id: string) => useQuery(answerQuery(id));

/**
 * Returns a classification from a list with all of its fields. The objects in the field and the
 * place on the sky are missing until they are loaded.
 */
export const useWholeAnswer = (summary: AnswerSummary | undefined): Classification | undefined => {
  const { data } = useQuery({
    ...answerQuery(summary?.id ?? ''),
    enabled: summary !== undefined,
  });
  return summary && { objects: [], sky: null, sky_error: null, ...data, ...summary };
};
