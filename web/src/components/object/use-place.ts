import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { components } from '@/api/schema';
import { updateAnswer } from '@/lib/answer-cache';
import { api, type ApiError, dataOf } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';

/** Returns whether the server can find the places of images on the sky. */
export const useHasSolver = (): boolean => {
  const { data } = useQuery(apiQuery('/api/v1/health'));
  return typeof data?.solver === 'string';
};

/** Finds the place of a classified image on the sky, and updates the cached classification. */
export const useFindPlace = (id: string) => {
  const queryClient = useQueryClient();
  return useMutation<components['schemas']['Identification'], ApiError>({
    mutationFn: () =>
      dataOf(api.POST('/api/v1/classifications/{id}/sky', { params: { path: { id } } })),
    onSuccess: (identification) => {
      updateAnswer(queryClient, id, identification);
    },
  });
};
