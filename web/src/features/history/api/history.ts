import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import { type AnswerFilter, fetchAnswers, nextCursor } from '@/lib/answers';
import type { AnswerPage, ApiError } from '@/lib/api-client';

const PAGE = 24;

/** One's own answers, as many pages of them as were asked for. */
export const useHistory = (filter: AnswerFilter) =>
  useInfiniteQuery<AnswerPage, ApiError, InfiniteData<AnswerPage>, unknown[], string | null>({
    queryKey: [ANSWERS, 'history', filter],
    queryFn: ({ pageParam, signal }) =>
      fetchAnswers({ ...filter, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: nextCursor,
    staleTime: 0,
    placeholderData: (earlier) => earlier,
  });
