import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, type ApiError, done } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';
import { serverPath } from '@/lib/base-path';
import { deletions } from '@/lib/deletions';
import { forgetKeptAnswers } from '@/lib/offline';

const sessionQuery = apiQuery('/api/v1/session');

/** The session of this browser. */
export const useSession = () => useQuery({ ...sessionQuery, staleTime: 0 });

/** Sets whether the session continues after the browser is closed. */
export const useRemember = () => {
  const queryClient = useQueryClient();
  return useMutation<undefined, ApiError, boolean>({
    mutationFn: async (remembered) => {
      await done(api.PUT('/api/v1/session', { body: { remembered } }));
    },
    onSettled: () => queryClient.invalidateQueries(sessionQuery),
  });
};

/** Ends the session and begins a new one for the next person. The page is loaded anew. */
export const useNewPerson = () =>
  useMutation<undefined, ApiError>({
    mutationFn: async () => {
      await deletions.sendAll(); // they belong to the session that ends
      await done(api.POST('/api/v1/session/new'));
      await forgetKeptAnswers();
      window.location.assign(serverPath(''));
    },
  });

/** Deletes the answers of the previous person in this browser. */
export const useDeletePrevious = () => {
  const queryClient = useQueryClient();
  return useMutation<undefined, ApiError>({
    mutationFn: async () => {
      await done(api.DELETE('/api/v1/session/previous'));
    },
    onSettled: () => queryClient.invalidateQueries(sessionQuery),
  });
};
