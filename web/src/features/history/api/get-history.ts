import { type InfiniteData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';

import { ANSWERS, COUNTS } from '@/lib/answer-cache';
import { type AnswerCounts, type AnswerPage, api, type ApiError, dataOf } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';
import { type AnswerFilter, fetchAnswers, nextCursor } from '@/lib/fetch-answers';

const PAGE_SIZE = 100;

/** Fetches this client's classifications, page by page. */
export const useHistory = (filter: AnswerFilter) =>
  useInfiniteQuery<AnswerPage, ApiError, InfiniteData<AnswerPage>, unknown[], string | null>({
    queryKey: [ANSWERS, 'history', filter],
    queryFn: ({ pageParam, signal }) =>
      fetchAnswers({ ...filter, limit: PAGE_SIZE, cursor: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: nextCursor,
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
