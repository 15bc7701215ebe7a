import { type InfiniteData, infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';

import { LIST } from '@/lib/answer-cache';
import { type AnswerPage, type AnswerQuery, api, type ApiError, dataOf } from '@/lib/api-client';
import { apiKey } from '@/lib/api-query';

/** The filters and the sort order for fetching this client's classifications. */
export type AnswerFilter = Omit<AnswerQuery, 'cursor' | 'limit'>;

/** Returns the options of a query for this client's classifications, page by page. */
export const answerPages = (query: AnswerFilter & { limit: number }) =>
  infiniteQueryOptions<AnswerPage, ApiError, InfiniteData<AnswerPage>, QueryKey, string | null>({
    queryKey: apiKey(LIST, { params: { query } }),
    queryFn: ({ pageParam, signal }) =>
      dataOf(api.GET(LIST, { params: { query: { ...query, cursor: pageParam } }, signal })),
    initialPageParam: null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
