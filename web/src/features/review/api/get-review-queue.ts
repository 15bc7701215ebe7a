import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import type { AnswerPage, ApiError } from '@/lib/api-client';
import { fetchAnswers, nextCursor } from '@/lib/fetch-answers';

/** The page size is usually large enough for the classifications of one image by all models. */
const PAGE_SIZE = 200;

/**
 * Fetches the classifications without feedback, most uncertain first. They are refetched on every
 * visit.
 */
export const useReviewQueue = () =>
  useInfiniteQuery<AnswerPage, ApiError, InfiniteData<AnswerPage>, unknown[], string | null>({
    queryKey: [ANSWERS, 'review'],
    queryFn: ({ pageParam, signal }) =>
      fetchAnswers(
        { sort: 'most_uncertain', feedback: 'none', limit: PAGE_SIZE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null,
    getNextPageParam: nextCursor,
    gcTime: 0,
  });
