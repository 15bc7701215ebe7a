import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query';

import { ANSWERS, forgetAnswer } from '@/lib/answer-cache';
import { type AnswerPage, api, type ApiError, done } from '@/lib/api-client';

/**
 * Deletes a classification. The server also deletes the image if it has no other classifications.
 */
export const useDeleteAnswer = (id: string) => {
  const queryClient = useQueryClient();
  return useMutation<undefined, ApiError>({
    mutationFn: async () => {
      await done(api.DELETE('/api/v1/classifications/{id}', { params: { path: { id } } }));
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
