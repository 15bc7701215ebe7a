import { skipToken, useQuery } from '@tanstack/react-query';

import { api, type ApiError, dataOf, type FoundObject } from '@/lib/api-client';

/** Finds the objects in the image of an answer, if an id is given. */
export const useFoundObjects = (id: string | undefined) =>
  useQuery<FoundObject[], ApiError>({
    queryKey: ['found-objects', id],
    queryFn:
      id === undefined
        ? skipToken
        : async ({ signal }) => {
            const path = '/api/v1/classifications/{id}/objects';
            return (await dataOf(api.GET(path, { params: { path: { id } }, signal }))).items;
          },
    staleTime: Infinity,
    retry: false,
  });
