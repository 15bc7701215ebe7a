import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';

import { COUNTS } from '@/lib/answer-cache';
import { type AnswerFilter, answerPages } from '@/lib/answer-pages';
import { type AnswerCounts, api, type ApiError, dataOf } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';

const PAGE_SIZE = 100;

/** Fetches this client's classifications, page by page. */
export const useHistory = (filter: AnswerFilter) =>
  useInfiniteQuery({
    ...answerPages({ ...filter, limit: PAGE_SIZE }),
    staleTime: 0,
    placeholderData: (previous) => previous,
  });

/** Fetches the numbers of this client's classifications that match a filter. */
export const useCounts = (filter: AnswerFilter) => {
  const { sort, ...query } = filter; // eslint-disable-line @typescript-eslint/no-unused-vars -- left out
  return useQuery({
    ...apiQuery(COUNTS, { params: { query } }),
    staleTime: 0,
    placeholderData: (previous: AnswerCounts | undefined) => previous,
  });
};

/** Fetches the ids of all classifications that match a filter. */
export const useAllIds = (filter: AnswerFilter) =>
  useMutation<string[], ApiError>({
    mutationFn: async () => {
      const call = api.GET('/api/v1/classifications/ids', { params: { query: filter } });
      return (await dataOf(call)).ids;
    },
  });
