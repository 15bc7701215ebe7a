import { readLocalStorageValue } from '@mantine/hooks';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, type ApiError, type Card, dataOf, type ModelSummary } from '@/lib/api-client';

/** The choice that is no model: ask each of them. */
export const ALL = 'all';

export const MODELS = ['models'];

const DEFAULT_MODEL = 'efficientnet';
const CHOSEN = 'deepsky-model';

/** The installed models in short: the best measured first, one that combines others last. */
export const useModels = () =>
  useQuery<ModelSummary[], ApiError>({
    queryKey: MODELS,
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/models', { signal })),
    select: inOrder,
  });

export const inOrder = (models: ModelSummary[]): ModelSummary[] =>
  models.toSorted((a, b) => rank(b) - rank(a));

const rank = ({ metrics, members }: ModelSummary): number =>
  (metrics.test?.macro_f1.value ?? 0) - (members.length > 0 ? 1 : 0);

/** How the whole card of a model is asked for. */
export const cardQuery = (name: string) =>
  queryOptions<Card, ApiError>({
    queryKey: ['card', name],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/models/{name}', { params: { path: { name } }, signal })),
  });

/** What a model is called; its bare name while it is not known. */
export const titleOf = (models: ModelSummary[] | undefined, name: string): string =>
  models?.find((model) => model.name === name)?.title ?? name;

/**
 * The model that is to answer, or `ALL`; what was chosen last time, if it is still installed.
 *
 * Each tab has its own choice: another one is not to have the images of this one asked anew.
 */
export const useChosenModel = () => {
  const queryClient = useQueryClient();
  const { data: models } = useModels();
  const { data: kept } = useQuery({
    queryKey: [CHOSEN],
    queryFn: readChosen,
    initialData: readChosen,
  });
  const choose = (name: string) => {
    localStorage.setItem(CHOSEN, JSON.stringify(name));
    queryClient.setQueryData([CHOSEN], name);
  };
  return [stillThere(kept, models), choose] as const;
};

const readChosen = (): string => readLocalStorageValue({ key: CHOSEN, defaultValue: DEFAULT_MODEL });

const stillThere = (name: string, models: ModelSummary[] | undefined): string => {
  const names = models?.map((model) => model.name) ?? [];
  const [first] = names;
  if (first === undefined || names.includes(name)) return name;
  if (name === ALL && names.length > 1) return name;
  return names.includes(DEFAULT_MODEL) ? DEFAULT_MODEL : first;
};
