import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';

import { api, type ApiError, type Classification, dataOf } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';

/** Fetches the header and the histogram of a classified image. */
export const useInspection = (id: string) =>
  useQuery(apiQuery('/api/v1/classifications/{id}/inspection', { params: { path: { id } } }));

/** Classifies an image with another stretch, and opens the new answer. */
export const useChangeStretch = (id: string) => {
  const navigate = useNavigate();
  return useMutation<Classification, ApiError, string>({
    mutationFn: (stretch) =>
      dataOf(
        api.POST('/api/v1/classifications/{id}/stretch', {
          params: { path: { id } },
          body: { stretch },
        }),
      ),
    onSuccess: (answer) => {
      void navigate(`/answers/${answer.id}`);
    },
  });
};
