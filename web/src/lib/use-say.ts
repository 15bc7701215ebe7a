import { useMutation, useQueryClient } from '@tanstack/react-query';

import { changeAnswer } from '@/lib/answer-cache';
import {
  api,
  type ApiError,
  type Classification,
  dataOf,
  done,
  type Feedback,
  type FeedbackForm,
  type Label,
} from '@/lib/api-client';

/** What a person says of an answer; null takes back what was said. */
export type Words = FeedbackForm | null;

interface Saying {
  answer: Classification;
  words: Words;
}

/**
 * Says what is thought of an answer.
 *
 * The page shows it at once, and what counted before again where the server did not keep it. One
 * word follows the other: what was said last is what counts in the end.
 */
export const useSay = () => {
  const queryClient = useQueryClient();
  const show = ({ answer }: Saying, feedback: Feedback | null) => {
    changeAnswer(queryClient, answer.id, { feedback });
  };
  return useMutation<Feedback | null, ApiError, Saying>({
    scope: { id: 'feedback' },
    mutationFn: ({ answer: { id }, words }) => (words === null ? takeBack(id) : say(id, words)),
    onMutate: (saying) => {
      show(saying, saying.words && expected(saying.words));
    },
    onSuccess: (kept, saying) => {
      show(saying, kept);
    },
    onError: (_, saying) => {
      show(saying, saying.answer.feedback);
    },
  });
};

/** What is said of an answer by naming what the image shows. */
export const wordsFor = ({ label: answered, feedback }: Classification, label: Label): Words => {
  const comment = feedback?.comment ?? null;
  return label === answered
    ? { verdict: 'correct', comment }
    : { verdict: 'incorrect', label, comment };
};

const params = (id: string) => ({ path: { id } });

const say = (id: string, body: FeedbackForm): Promise<Feedback> =>
  dataOf(api.PUT('/api/v1/classifications/{id}/feedback', { params: params(id), body }));

const takeBack = async (id: string): Promise<null> => {
  await done(api.DELETE('/api/v1/classifications/{id}/feedback', { params: params(id) }));
  return null;
};

const expected = ({ verdict, label = null, comment = null }: FeedbackForm): Feedback => ({
  verdict,
  label,
  comment,
  created_at: new Date().toISOString(),
});
