import { type Query, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';

import { ANSWERS, updateAnswer } from '@/lib/answer-cache';
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

/** The feedback that the server has, while requests that change it are under way. */
const known = new WeakMap<QueryClient, Map<string, Feedback | null>>();

/**
 * Saves or deletes the feedback on a classification.
 *
 * The cached classification is updated optimistically. If saving fails, it gets the feedback that
 * the server has. Queries that are under way are cancelled and repeated afterwards, because their
 * responses may not contain the new feedback. Mutations run one after another, so the latest
 * feedback is stored last.
 */
export const useSaveFeedback = () => {
  const queryClient = useQueryClient();
  const show = ({ answer }: Variables, feedback: Feedback | null) => {
    updateAnswer(queryClient, answer.id, { feedback });
  };
  const saved = known.get(queryClient) ?? new Map<string, Feedback | null>();
  known.set(queryClient, saved);
  return useMutation<Feedback | null, ApiError, Variables, Query[]>({
    scope: { id: 'feedback' },
    mutationKey: SAVE_FEEDBACK,
    mutationFn: ({ answer: { id }, feedback }) =>
      feedback === null ? deleteFeedback(id) : putFeedback(id, feedback),
    onMutate: async (variables) => {
      const { answer, feedback } = variables;
      if (!saved.has(answer.id)) saved.set(answer.id, answer.feedback);
      const running = queryClient.getQueryCache().findAll(RUNNING);
      await queryClient.cancelQueries(RUNNING);
      show(variables, feedback && optimistic(feedback));
      return running;
    },
    onSuccess: (feedback, variables) => {
      saved.set(variables.answer.id, feedback);
      show(variables, feedback);
    },
    onError: (_, variables) => {
      show(variables, saved.get(variables.answer.id) ?? null);
    },
    onSettled: async (_, __, ___, running = []) => {
      if (queryClient.isMutating({ mutationKey: SAVE_FEEDBACK }) <= 1) saved.clear();
      await Promise.all(
        running.map(({ queryKey }) => queryClient.invalidateQueries({ queryKey, exact: true })),
      );
    },
  });
};

const SAVE_FEEDBACK = ['feedback'];

/** The queries that are under way and whose responses depend on feedback. */
const RUNNING = {
  queryKey: [ANSWERS],
  fetchStatus: 'fetching',
  predicate: ({ meta }: Query) => meta?.ignoresFeedback !== true,
} as const;

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
