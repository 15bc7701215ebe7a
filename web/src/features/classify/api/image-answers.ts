import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import type { Classification } from '@/lib/api-client';
import { ALL, modelsQuery } from '@/lib/models';

/** The common prefix of the query keys for classifications of queued images. */
export const IMAGE_ANSWERS = [ANSWERS, 'image'];

/**
 * Returns the query key for the classifications of an image by a model. Without a model, returns
 * the common prefix of these keys.
 */
export const imageAnswersKey = (id: number, ...model: string[]) => [...IMAGE_ANSWERS, id, ...model];

/**
 * Returns the cached classifications of an image by one or all models; undefined if there are none.
 */
export const useImageAnswers = (id: number, model: string): Classification[] | undefined =>
  useQuery<Classification[]>({ queryKey: imageAnswersKey(id, model), queryFn: skipToken }).data;

/**
 * Returns the cached classifications of an image. For `ALL`, the classifications by the individual
 * models are combined if necessary.
 */
export const getImageAnswers = (
  client: QueryClient,
  id: number,
  model: string,
): Classification[] | undefined => {
  const cached = client.getQueryData<Classification[]>(imageAnswersKey(id, model));
  if (cached !== undefined || model !== ALL) return cached;
  const models = client.getQueryData(modelsQuery.queryKey) ?? [];
  const each = models.flatMap(({ name }) => getImageAnswers(client, id, name) ?? []);
  return models.length > 0 && each.length === models.length ? each : undefined;
};

/** Caches the classifications of an image, both together and separately for each model. */
export const setImageAnswers = (
  client: QueryClient,
  id: number,
  model: string,
  answers: Classification[],
): void => {
  client.setQueryData(imageAnswersKey(id, model), answers);
  for (const answer of answers) client.setQueryData(imageAnswersKey(id, answer.model), [answer]);
};

/** Returns the cached classifications of an image by all models. */
export const allImageAnswers = (client: QueryClient, id: number): Classification[] => {
  const cached = client.getQueriesData<Classification[]>({ queryKey: imageAnswersKey(id) });
  const answers = cached.flatMap(([, data]) => data ?? []);
  return [...new Map(answers.map((answer) => [answer.id, answer])).values()];
};

/** Returns the id of the queued image that has a classification; undefined if there is none. */
export const findAnsweredImage = (client: QueryClient, answerId: string): number | undefined => {
  const found = client
    .getQueriesData<Classification[]>({ queryKey: IMAGE_ANSWERS })
    .find(([, answers]) => answers?.some(({ id }) => id === answerId));
  const id = found?.[0][IMAGE_ANSWERS.length];
  return typeof id === 'number' ? id : undefined;
};
