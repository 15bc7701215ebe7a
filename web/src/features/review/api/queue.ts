import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import { fetchAnswers, nextCursor } from '@/lib/answers';
import type { AnswerPage, ApiError } from '@/lib/api-client';

/** Enough that what several models said of an image mostly comes together. */
const PAGE = 200;

/** The answers that nobody has judged yet, the most doubtful first; drawn up anew at each visit. */
export const useQueue = () =>
  useInfiniteQuery<AnswerPage, ApiError, InfiniteData<AnswerPage>, unknown[], string | null>({
    queryKey: [ANSWERS, 'review'],
    queryFn: ({ pageParam, signal }) =>
      fetchAnswers(
        { sort: 'most_uncertain', feedback: 'none', limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null,
    getNextPageParam: nextCursor,
    gcTime: 0,
  });
