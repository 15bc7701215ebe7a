import { useQuery } from '@tanstack/react-query';

import { apiQuery } from '@/lib/api-query';

const PATH = '/api/v1/classifications/{id}/objects';

/** Finds the objects in the image of an answer, if an id is given. */
export const useFoundObjects = (id: string | undefined) =>
  useQuery({
    ...apiQuery(PATH, { params: { path: { id: id ?? '' } } }),
    enabled: id !== undefined,
    select: ({ items }) => items,
    meta: { ignoresFeedback: true },
  });
