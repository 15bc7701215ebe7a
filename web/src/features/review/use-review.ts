import { useEffect, useState } from 'react';

import { useQueue } from '@/features/review/api/queue';
import type { ApiError, Classification, Label } from '@/lib/api-client';
import { useSay, type Words, wordsFor } from '@/lib/use-say';

const AHEAD = 5;

/** What was said of an answer and could not be kept. */
export interface Unsaved {
  answer: Classification;
  words: Words;
  error: ApiError;
}

/** A walk through the answers that wait for a person's word. */
export const useReview = () => {
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useQueue();
  const answers = data?.pages.flatMap(({ items }) => items);
  const length = answers?.length ?? 0;
  const [at, setAt] = useState(0);
  const [judged, setJudged] = useState<number[]>([]);
  const [unsaved, setUnsaved] = useState<Unsaved[]>([]);
  const { mutateAsync } = useSay();

  useEffect(() => {
    if (at + AHEAD >= length && hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [at, length, hasNextPage, isFetching, error, fetchNextPage]);

  const say = (answer: Classification, words: Words) => {
    const others = (all: Unsaved[]) => all.filter((one) => one.answer.id !== answer.id);
    setUnsaved(others);
    mutateAsync({ answer, words }).catch((failure: unknown) => {
      setUnsaved((all) => [...others(all), { answer, words, error: failure as ApiError }]);
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
      say(answer, wordsFor(answer, label));
      setJudged((all) => [...all.filter((one) => one !== at), at]);
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
