import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import type { AnswerPage, ApiError } from '@/lib/api-client';
import { type AnswerFilter, fetchAnswers, nextCursor } from '@/lib/fetch-answers';

const PAGE_SIZE = 24;

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
