import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';

import { ANSWERS } from '@/lib/answer-cache';
import type { Classification, ModelSummary } from '@/lib/api-client';
import { ALL, MODELS } from '@/lib/models';

/** How the keys begin of what was answered about the images of this page. */
export const IMAGE = [ANSWERS, 'image'];

/** What was answered about an image; without a model, how the keys of all of it begin. */
export const answerKey = (turn: number, ...model: string[]) => [...IMAGE, turn, ...model];

/** What a model said of an image, or each said; undefined where it was not asked yet. */
export const useAnswers = (turn: number, model: string): Classification[] | undefined =>
  useQuery<Classification[]>({ queryKey: answerKey(turn, model), queryFn: skipToken }).data;

/** What is known of what a model says; of all models, it may be known from asking each. */
export const knownAnswers = (
  client: QueryClient,
  turn: number,
  model: string,
): Classification[] | undefined => {
  const known = client.getQueryData<Classification[]>(answerKey(turn, model));
  if (known !== undefined || model !== ALL) return known;
  const models = client.getQueryData<ModelSummary[]>(MODELS) ?? [];
  const each = models.flatMap(({ name }) => knownAnswers(client, turn, name) ?? []);
  return models.length > 0 && each.length === models.length ? each : undefined;
};

/** Remembers what a model said, or each. */
export const keepAnswers = (
  client: QueryClient,
  turn: number,
  model: string,
  answers: Classification[],
): void => {
  client.setQueryData(answerKey(turn, model), answers);
  for (const answer of answers) client.setQueryData(answerKey(turn, answer.model), [answer]);
};
