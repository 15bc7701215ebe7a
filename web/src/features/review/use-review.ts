import { useEffect, useState } from 'react';

import { useQueue } from '@/features/review/api/queue';
import type { ApiError, Classification, Label } from '@/lib/api-client';
import { useSay, wordsFor } from '@/lib/use-say';

const AHEAD = 5;

/** What was said of an image, or null where that was taken back, and could not be kept. */
export interface Unsaved {
  answer: Classification;
  label: Label | null;
  error: ApiError;
}

/**
 * A walk through the answers that wait for a person's word.
 *
 * Where several models answered about an image, it is asked about once, with the most doubtful
 * answer; what is said of the image is said of all.
 */
export const useReview = () => {
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useQueue();
  const all = data?.pages.flatMap(({ items }) => items);
  const answers = all?.filter((one) => one === all.find((other) => areOfOneImage(one, other)));
  const length = answers?.length ?? 0;
  const [at, setAt] = useState(0);
  const [judged, setJudged] = useState<number[]>([]);
  const [unsaved, setUnsaved] = useState<Unsaved[]>([]);
  const { mutateAsync } = useSay();

  useEffect(() => {
    if (at + AHEAD >= length && hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [at, length, hasNextPage, isFetching, error, fetchNextPage]);

  const say = (answer: Classification, label: Label | null) => {
    const others = (before: Unsaved[]) => before.filter((one) => one.answer.id !== answer.id);
    setUnsaved(others);
    const together = all?.filter((one) => areOfOneImage(one, answer)) ?? [];
    Promise.all(
      together.map((one) => mutateAsync({ answer: one, words: label && wordsFor(one, label) })),
    ).catch((failure: unknown) => {
      setUnsaved((before) => [...others(before), { answer, label, error: failure as ApiError }]);
    });
  };

  return {
    answers,
    at,
    answer: answers?.[at],
    next: answers?.[at + 1],
    count: judged.length,
    hasMore: hasNextPage,
    isFetching,
    error,
    unsaved,
    reload: () => void refetch(),
    say,
    judge: (label: Label) => {
      const answer = answers?.[at];
      if (answer === undefined) return;
      say(answer, label);
      setJudged((before) => [...before.filter((one) => one !== at), at]);
      setAt(at + 1);
    },
    undo: () => {
      const last = judged.at(-1);
      const answer = last === undefined ? undefined : answers?.[last];
      if (last === undefined || answer === undefined) return;
      say(answer, null);
      setJudged(judged.slice(0, -1));
      setAt(last);
    },
    goTo: (place: number) => {
      setAt(Math.max(0, Math.min(place, length)));
    },
  };
};

const areOfOneImage = (one: Classification, other: Classification): boolean =>
  one.image_sha256 === other.image_sha256;
