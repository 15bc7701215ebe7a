import { useQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import { api, type ApiError, type Classification, dataOf } from '@/lib/api-client';

/** Fetches one of this client's classifications. */
export const useAnswer = (id: string) =>
  useQuery<Classification, ApiError>({
    queryKey: [ANSWERS, 'one', id],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/classifications/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
  });
