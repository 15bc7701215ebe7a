import { type QueryClient, useQuery } from '@tanstack/react-query';

import { isSample, type Picture, type Source } from '@/features/classify/picture';
import type { Sample } from '@/features/classify/samples';
import { ANSWERS } from '@/lib/answer-cache';
import { api, ApiError, type Classification, dataOf, failure, reach } from '@/lib/api-client';
import { ALL } from '@/lib/models';

const HOUR = 3_600_000;

/**
 * What a model says of a picture, or what each says.
 *
 * Each picture has its own key, and each model has within: with a new one the earlier request is
 * aborted, and its answer can never be taken for that of the new one. What was answered is kept
 * for as long as somebody may switch back to it.
 */
export const useAnswers = ({ turn, source }: Picture, model: string, names: string[]) =>
  useQuery<Classification[], ApiError>({
    queryKey: keyOf(turn, model),
    queryFn: async ({ client, signal }) => {
      if (model !== ALL) return classify(source, model, signal);
      const known = names.flatMap((name) => answersOf(client, turn, name));
      if (names.length > 0 && known.length === names.length) return known;
      const fresh = await classify(source, ALL, signal);
      const answers = fresh.map((one) => answersOf(client, turn, one.model)[0] ?? one);
      for (const answer of answers) client.setQueryData(keyOf(turn, answer.model), [answer]);
      return answers;
    },
    gcTime: HOUR,
  });

const keyOf = (turn: number, model: string) => [ANSWERS, 'picture', turn, model];

const answersOf = (client: QueryClient, turn: number, model: string): Classification[] =>
  client.getQueryData<Classification[]>(keyOf(turn, model)) ?? [];

const classify = async (
  source: Source,
  model: string,
  signal: AbortSignal,
): Promise<Classification[]> => {
  const image = isSample(source) ? await fetchSample(source, signal) : source;
  const answer = await dataOf(
    api.POST('/api/v1/classifications', {
      body: { image: [image], model },
      bodySerializer: () => {
        const form = new FormData();
        form.append('image', image);
        form.append('model', model);
        return form;
      },
      signal,
    }),
  );
  if (!('items' in answer)) return [answer];
  return answer.items.map((item) => {
    if ('id' in item) return item;
    throw new ApiError(item.error.code, item.error.message);
  });
};

const fetchSample = async ({ address, file }: Sample, signal: AbortSignal): Promise<File> => {
  const response = await reach(fetch(address, { signal }));
  if (!response.ok) throw failure('unexpected');
  return new File([await reach(response.arrayBuffer())], file);
};
