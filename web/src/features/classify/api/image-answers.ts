import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import type { Classification, ModelSummary } from '@/lib/api-client';
import { ALL, MODELS } from '@/lib/models';

/** The prefix of the query keys of all answers about queued images. */
export const IMAGE_ANSWERS = [ANSWERS, 'image'];

/** The query key of a model's answers about an image; without a model, the prefix for all models. */
export const imageAnswersKey = (id: number, ...model: string[]) => [...IMAGE_ANSWERS, id, ...model];

/** The cached answers of one model, or of all models, about an image; undefined if there are none. */
export const useImageAnswers = (id: number, model: string): Classification[] | undefined =>
  useQuery<Classification[]>({ queryKey: imageAnswersKey(id, model), queryFn: skipToken }).data;

/** Reads the cached answers about an image; those of `ALL` may come from each model's own entry. */
export const getImageAnswers = (
  client: QueryClient,
  id: number,
  model: string,
): Classification[] | undefined => {
  const cached = client.getQueryData<Classification[]>(imageAnswersKey(id, model));
  if (cached !== undefined || model !== ALL) return cached;
  const models = client.getQueryData<ModelSummary[]>(MODELS) ?? [];
  const each = models.flatMap(({ name }) => getImageAnswers(client, id, name) ?? []);
  return models.length > 0 && each.length === models.length ? each : undefined;
};

/** Caches the answers about an image, together and for each model. */
export const setImageAnswers = (
  client: QueryClient,
  id: number,
  model: string,
  answers: Classification[],
): void => {
  client.setQueryData(imageAnswersKey(id, model), answers);
  for (const answer of answers) client.setQueryData(imageAnswersKey(id, answer.model), [answer]);
};
