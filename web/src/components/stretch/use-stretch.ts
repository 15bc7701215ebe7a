import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';

import { forgetAnswers } from '@/lib/answer-cache';
import { api, type ApiError, type Classification, done, failure, reach } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';

const CREATED = 201;

interface Changed {
  answer: Classification;
  /** Whether the image had no answer with this stretch before. */
  isNew: boolean;
}

/** Fetches the header and the histogram of a classified image. */
export const useInspection = (id: string) =>
  useQuery({
    ...apiQuery('/api/v1/classifications/{id}/inspection', { params: { path: { id } } }),
    meta: { ignoresFeedback: true },
  });

/**
 * Classifies an image with another stretch, and opens the new answer.
 *
 * While a person tries several stretches, each new answer replaces the one before, so that the
 * history contains only the last one beside the first. An answer with feedback, or one that is
 * shared, is kept.
 */
export const useChangeStretch = (answer: Classification) => {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const isTrial = hasTrial(useLocation().state);
  const isReplaced = isTrial && answer.feedback === null && answer.share === null;
  return useMutation<Changed, ApiError, string>({
    mutationFn: (stretch) => changeStretch(answer.id, stretch),
    onSuccess: ({ answer: { id }, isNew }) => {
      if (id === answer.id) return;
      void navigate(`/answers/${id}`, { replace: isReplaced, state: { isTrial: isNew } });
      if (isReplaced) {
        remove(answer.id).then(
          () => {
            forgetAnswers(queryClient, new Set([answer.id]));
          },
          () => undefined, // it stays in the history
        );
      }
    },
  });
};

/** Returns whether the state of a page says that its answer is one of several that are tried. */
const hasTrial = (state: unknown): boolean =>
  typeof state === 'object' && state !== null && 'isTrial' in state && state.isTrial === true;

const changeStretch = async (id: string, stretch: string): Promise<Changed> => {
  const { data, response } = await reach(
    api.POST('/api/v1/classifications/{id}/stretch', {
      params: { path: { id } },
      body: { stretch },
    }),
  );
  if (data === undefined) throw failure('unexpected');
  return { answer: data, isNew: response.status === CREATED };
};

const remove = (id: string) =>
  done(api.DELETE('/api/v1/classifications/{id}', { params: { path: { id } } }));
