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
 * Returns the feedback that follows from the one or two classes that a person chose for an image, or
 * from none if they do not know. An existing comment is kept.
 */
export const feedbackFor = (
  { label: answered, feedback }: Pick<Answer, 'label' | 'feedback'>,
  chosen: readonly Label[],
  blind = false,
): FeedbackForm => {
  const form = { comment: feedback?.comment ?? null, blind };
  if (chosen.length === 0) return { verdict: 'unsure', ...form };
  const isCorrect = chosen.includes(answered);
  const [label = answered, second_label = null] = isCorrect
    ? [answered, ...chosen.filter((one) => one !== answered)]
    : chosen;
  return { verdict: isCorrect ? 'correct' : 'incorrect', label, second_label, ...form };
};

/**
 * Returns the one or two classes that a person chose for an image, or none if they do not know;
 * undefined if there is no feedback or if it does not say what the image shows.
 */
export const chosenLabels = ({
  label,
  feedback,
}: Pick<Answer, 'label' | 'feedback'>): Label[] | undefined => {
  if (feedback === null) return undefined;
  if (feedback.verdict === 'unsure') return [];
  const first = feedback.verdict === 'correct' ? label : feedback.label;
  if (first === null) return undefined;
  return feedback.second_label === null ? [first] : [first, feedback.second_label];
};

const params = (id: string) => ({ path: { id } });

const putFeedback = (id: string, body: FeedbackForm): Promise<Feedback> =>
  dataOf(api.PUT('/api/v1/classifications/{id}/feedback', { params: params(id), body }));

const deleteFeedback = async (id: string): Promise<null> => {
  await done(api.DELETE('/api/v1/classifications/{id}/feedback', { params: params(id) }));
  return null;
};

const optimistic = ({
  verdict,
  label = null,
  second_label = null,
  blind = false,
  comment = null,
}: FeedbackForm): Feedback => ({
  verdict,
  label,
  second_label,
  blind,
  comment,
  created_at: new Date().toISOString(),
});
