import { useInfiniteQuery } from '@tanstack/react-query';

import { answerPages } from '@/lib/answer-pages';

/** The page size is usually large enough for the classifications of one image by all models. */
const PAGE_SIZE = 200;

/**
 * Fetches the classifications without feedback, most uncertain first. They are refetched on every
 * visit, and keep their order while feedback is given.
 */
export const useReviewQueue = () =>
  useInfiniteQuery({
    ...answerPages({ sort: 'most_uncertain', feedback: 'none', limit: PAGE_SIZE }),
    gcTime: 0,
    meta: { ignoresFeedback: true },
  });
