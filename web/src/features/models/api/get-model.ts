import { useQuery } from '@tanstack/react-query';

import { api, type Card, dataOf } from '@/lib/api-client';

const getModel = (name: string, signal: AbortSignal): Promise<Card> =>
  dataOf(api.GET('/api/v1/models/{name}', { params: { path: { name } }, signal }));

export const useModel = (name: string) =>
  useQuery({ queryKey: ['model', name], queryFn: ({ signal }) => getModel(name, signal) });
