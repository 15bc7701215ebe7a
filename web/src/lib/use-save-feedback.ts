import { useMutation, useQueryClient } from '@tanstack/react-query';

import { updateAnswer } from '@/lib/answer-cache';
import {
  type AnswerSummary,
  api,
  type ApiError,
  dataOf,
  done,
  type Feedback,
  type FeedbackForm,
  type Label,
} from '@/lib/api-client';

type Answer = Pick<AnswerSummary, 'id' | 'label' | 'feedback'>;

interface Variables {
  answer: Answer;
  /** The new feedback; null deletes it. */
  feedback: FeedbackForm | null;
}

/**
 * Saves or deletes the feedback on a classification.
 *
 * The cached classification is updated optimistically and restored if saving fails. Mutations run
 * one after another, so the latest feedback is stored last.
 */
export const useSaveFeedback = () => {
  const queryClient = useQueryClient();
  const show = ({ answer }: Variables, feedback: Feedback | null) => {
    updateAnswer(queryClient, answer.id, { feedback });
  };
  return useMutation<Feedback | null, ApiError, Variables>({
    scope: { id: 'feedback' },
    mutationFn: ({ answer: { id }, feedback }) =>
      feedback === null ? deleteFeedback(id) : putFeedback(id, feedback),
    onMutate: (variables) => {
      show(variables, variables.feedback && optimistic(variables.feedback));
    },
    onSuccess: (saved, variables) => {
      show(variables, saved);
    },
    onError: (_, variables) => {
      show(variables, variables.answer.feedback);
    },
  });
};

/**
 * Returns feedback that confirms a classification or corrects it to `label`. An existing comment is
 * kept.
 */
export const feedbackFor = ({ label: answered, feedback }: Answer, label: Label): FeedbackForm => {
  const comment = feedback?.comment ?? null;
  return label === answered
    ? { verdict: 'correct', comment }
    : { verdict: 'incorrect', label, comment };
};

const params = (id: string) => ({ path: { id } });

const putFeedback = (id: string, body: FeedbackForm): Promise<Feedback> =>
  dataOf(api.PUT('/api/v1/classifications/{id}/feedback', { params: params(id), body }));

const deleteFeedback = async (id: string): Promise<null> => {
  await done(api.DELETE('/api/v1/classifications/{id}/feedback', { params: params(id) }));
  return null;
};

const optimistic = ({ verdict, label = null, comment = null }: FeedbackForm): Feedback => ({
  verdict,
  label,
  comment,
  created_at: new Date().toISOString(),
});
