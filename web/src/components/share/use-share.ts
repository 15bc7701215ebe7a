import { useMutation, useQueryClient } from '@tanstack/react-query';

import { updateAnswer } from '@/lib/answer-cache';
import { api, type ApiError, dataOf, done } from '@/lib/api-client';

/** Shares a classification by a link, or withdraws the link. */
export const useShare = (id: string) => {
  const queryClient = useQueryClient();
  const path = '/api/v1/classifications/{id}/share';
  return useMutation<string | null, ApiError, boolean>({
    mutationFn: async (isShared) => {
      const params = { params: { path: { id } } };
      if (isShared) return (await dataOf(api.POST(path, params))).token;
      await done(api.DELETE(path, params));
      return null;
    },
    onSuccess: (share) => {
      updateAnswer(queryClient, id, { share });
    },
  });
};
