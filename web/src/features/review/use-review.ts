import { useEffect, useState } from 'react';

import type { Judgement } from '@/components/ui/use-judgement';
import { useReviewQueue } from '@/features/review/api/get-review-queue';
import { type AnswerSummary, type ApiError, asApiError } from '@/lib/api-client';
import { isSeen, markSeen } from '@/lib/seen-answers';
import { feedbackFor, useSaveFeedback } from '@/lib/use-save-feedback';

const PREFETCH_DISTANCE = 5;

/** Feedback that could not be saved or, if `judgement` is null, could not be undone. */
export interface Unsaved {
  answer: AnswerSummary;
  judgement: Judgement | null;
  isBlind: boolean;
  error: ApiError;
}

/** What a person said about an image, to compare with the model's answer. */
export interface Judged {
  answer: AnswerSummary;
  judgement: Judgement;
}

/**
 * The state of a review: the classifications without feedback, and the position in the list.
 *
 * An image that was classified by several models is shown once, with the most uncertain
 * classification. What the person says is saved as feedback on all classifications of the image. It
 * is blind, unless the person has seen an answer for this image.
 */
export const useReview = () => {
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useReviewQueue();
  const all = data?.pages.flatMap(({ items }) => items);
  const answers = all?.filter((one) => one === all.find((other) => haveSameImage(one, other)));
  const length = answers?.length ?? 0;
  const [index, setIndex] = useState(0);
  const [reviewed, setReviewed] = useState<number[]>([]);
  const [last, setLast] = useState<Judged>();
  const [unsaved, setUnsaved] = useState<Unsaved[]>([]);
  const { mutateAsync } = useSaveFeedback();

  useEffect(() => {
    const isNearEnd = index + PREFETCH_DISTANCE >= length;
    if (isNearEnd && hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [index, length, hasNextPage, isFetching, error, fetchNextPage]);

  const save = (answer: AnswerSummary, judgement: Judgement | null, isBlind = false) => {
    const withoutAnswer = (list: Unsaved[]) => list.filter((one) => one.answer.id !== answer.id);
    setUnsaved(withoutAnswer);
    const ofImage =
      all?.filter((one) => haveSameImage(one, answer) && hasLabels(one, judgement)) ?? [];
    Promise.all(
      ofImage.map((one) =>
        mutateAsync({
          answer: one,
          feedback: judgement === null ? null : feedbackFor(one, judgement, isBlind),
        }),
      ),
    ).catch((cause: unknown) => {
      setUnsaved((list) => [
        ...withoutAnswer(list),
        { answer, judgement, isBlind, error: asApiError(cause) },
      ]);
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
    last,
    judge: (judgement: Judgement) => {
      const answer = answers?.[index];
      if (answer === undefined) return;
      save(answer, judgement, !isSeen(answer.image_sha256));
      setLast({ answer, judgement });
      markSeen(answer.image_sha256);
      setReviewed((list) => [...list.filter((one) => one !== index), index]);
      setIndex(index + 1);
    },
    undo: () => {
      const position = reviewed.at(-1);
      const answer = position === undefined ? undefined : answers?.[position];
      if (position === undefined || answer === undefined) return;
      save(answer, null);
      setLast(undefined);
      setReviewed(reviewed.slice(0, -1));
      setIndex(position);
    },
    goTo: (position: number) => {
      setIndex(Math.max(0, Math.min(position, length)));
    },
  };
};

/** Returns whether the model of a classification has all chosen labels. */
const hasLabels = (answer: AnswerSummary, judgement: Judgement | null): boolean =>
  judgement?.every((label) => label in answer.probabilities) ?? true;

const haveSameImage = (one: AnswerSummary, other: AnswerSummary): boolean =>
  one.image_sha256 === other.image_sha256;
