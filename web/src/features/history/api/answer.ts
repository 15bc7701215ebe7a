import { type InfiniteData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { ANSWERS, forgetAnswer } from '@/lib/answer-cache';
import {
  type AnswerPage,
  api,
  type ApiError,
  type Classification,
  dataOf,
  done,
} from '@/lib/api-client';

const params = (id: string) => ({ path: { id } });

/** One of one's own answers. */
export const useAnswer = (id: string) =>
  useQuery<Classification, ApiError>({
    queryKey: [ANSWERS, 'one', id],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/classifications/{id}', { params: params(id), signal })),
    staleTime: 0,
  });

/** Deletes an answer, and the image with the last answer about it. */
export const useDeleteAnswer = (id: string) => {
  const queryClient = useQueryClient();
  return useMutation<undefined, ApiError>({
    mutationFn: async () => {
      await done(api.DELETE('/api/v1/classifications/{id}', { params: params(id) }));
    },
    onSuccess: () => {
      queryClient.setQueriesData<InfiniteData<AnswerPage>>(
        { queryKey: [ANSWERS, 'history'] },
        (list) => list && without(id, list),
      );
      forgetAnswer(queryClient, id);
    },
  });
};

const without = (id: string, { pages, ...list }: InfiniteData<AnswerPage>) => ({
  ...list,
  pages: pages.map(({ items, ...page }) => ({
    ...page,
    items: items.filter((answer) => answer.id !== id),
  })),
});
