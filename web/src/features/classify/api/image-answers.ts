import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import type { Classification, ModelSummary } from '@/lib/api-client';
import { ALL, MODELS } from '@/lib/models';

/** The common prefix of the query keys of all answers for queued images. */
export const IMAGE_ANSWERS = [ANSWERS, 'image'];

/** Returns the query key of a model's answers for an image; without a model, the common prefix. */
export const imageAnswersKey = (id: number, ...model: string[]) => [...IMAGE_ANSWERS, id, ...model];

/** Returns the cached answers of one or all models for an image; undefined if none are cached. */
export const useImageAnswers = (id: number, model: string): Classification[] | undefined =>
  useQuery<Classification[]>({ queryKey: imageAnswersKey(id, model), queryFn: skipToken }).data;

/** Reads the cached answers for an image; for `ALL`, also combines the entries of single models. */
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

/** Caches the answers for an image, both together and separately for each model. */
export const setImageAnswers = (
  client: QueryClient,
  id: number,
  model: string,
  answers: Classification[],
): void => {
  client.setQueryData(imageAnswersKey(id, model), answers);
  for (const answer of answers) client.setQueryData(imageAnswersKey(id, answer.model), [answer]);
};
