import { useEffect, useState } from 'react';

import { useReviewQueue } from '@/features/review/api/get-review-queue';
import type { AnswerSummary, ApiError, Label } from '@/lib/api-client';
import { feedbackFor, useSaveFeedback } from '@/lib/use-save-feedback';

const PREFETCH_DISTANCE = 5;

/** Feedback that could not be saved or, if `label` is null, could not be undone. */
export interface Unsaved {
  answer: AnswerSummary;
  label: Label | null;
  error: ApiError;
}

/**
 * The state of a review: the classifications without feedback, and the position in the list.
 *
 * An image that was classified by several models is shown once, with the most uncertain
 * classification. The chosen label is saved as feedback on all classifications of the image.
 */
export const useReview = () => {
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useReviewQueue();
  const all = data?.pages.flatMap(({ items }) => items);
  const answers = all?.filter((one) => one === all.find((other) => haveSameImage(one, other)));
  const length = answers?.length ?? 0;
  const [index, setIndex] = useState(0);
  const [reviewed, setReviewed] = useState<number[]>([]);
  const [unsaved, setUnsaved] = useState<Unsaved[]>([]);
  const { mutateAsync } = useSaveFeedback();

  useEffect(() => {
    const isNearEnd = index + PREFETCH_DISTANCE >= length;
    if (isNearEnd && hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [index, length, hasNextPage, isFetching, error, fetchNextPage]);

  const save = (answer: AnswerSummary, label: Label | null) => {
    const withoutAnswer = (list: Unsaved[]) => list.filter((one) => one.answer.id !== answer.id);
    setUnsaved(withoutAnswer);
    const ofImage = all?.filter((one) => haveSameImage(one, answer) && hasLabel(one, label)) ?? [];
    Promise.all(
      ofImage.map((one) =>
        mutateAsync({ answer: one, feedback: label === null ? null : feedbackFor(one, label) }),
      ),
    ).catch((cause: unknown) => {
      setUnsaved((list) => [...withoutAnswer(list), { answer, label, error: cause as ApiError }]);
    });
  };

  return {
    answers,
    index,
    answer: answers?.[index],
    next: answers?.[index + 1],
    reviewedCount: reviewed.length,
    hasMore: hasNextPage,
    isFetching,
    error,
    unsaved,
    reload: () => void refetch(),
    save,
    setLabel: (label: Label) => {
      const answer = answers?.[index];
      if (answer === undefined) return;
      save(answer, label);
      setReviewed((list) => [...list.filter((one) => one !== index), index]);
      setIndex(index + 1);
    },
    undo: () => {
      const last = reviewed.at(-1);
      const answer = last === undefined ? undefined : answers?.[last];
      if (last === undefined || answer === undefined) return;
      save(answer, null);
      setReviewed(reviewed.slice(0, -1));
      setIndex(last);
    },
    goTo: (position: number) => {
      setIndex(Math.max(0, Math.min(position, length)));
    },
  };
};

/** Returns whether the model of a classification has a label. */
const hasLabel = (answer: AnswerSummary, label: Label | null): boolean =>
  label === null || label in answer.probabilities;

const haveSameImage = (one: AnswerSummary, other: AnswerSummary): boolean =>
  one.image_sha256 === other.image_sha256;
