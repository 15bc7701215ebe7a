import { readLocalStorageValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';

import type { ModelSummary } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';

/** The value that selects all models for a comparison. */
export const ALL = 'all';

/** The query for the installed models. */
export const modelsQuery = apiQuery('/api/v1/models');

const DEFAULT_MODEL = 'efficientnet';
const STORAGE_KEY = 'deepsky-model';

/**
 * The installed models, sorted by macro-F1 (highest first), with ensembles last. Models that were
 * tested on images of new photographers precede the others, whose figures are not comparable.
 */
export const useModels = () => useQuery({ ...modelsQuery, select: sortModels });

export const sortModels = (models: ModelSummary[]): ModelSummary[] =>
  models.toSorted((a, b) => rank(b) - rank(a));

const rank = ({ metrics, members }: ModelSummary): number =>
  (expectedMetrics(metrics)?.macro_f1.value ?? 0) +
  (metrics.source_test ? 1 : 0) -
  (members.length > 0 ? 2 : 0);

/**
 * Returns the metrics that a user should expect: those on images of new photographers or, if they
 * were not measured, those on the test images of known sources.
 */
export const expectedMetrics = ({ source_test, test }: ModelSummary['metrics']) =>
  source_test ?? test;

/** The query for the card of a model. */
export const cardQuery = (name: string) =>
  apiQuery('/api/v1/models/{name}', { params: { path: { name } } });

/** Returns the title of a model, or its name while the list of models is loading. */
export const titleOf = (models: ModelSummary[] | undefined, name: string): string =>
  models?.find((model) => model.name === name)?.title ?? name;

/**
 * The selected model, or `ALL`. The initial value is the last selection, if it is still available.
 *
 * Each tab has its own selection, so that a change in one tab does not cause the images in another
 * tab to be classified again.
 */
export const useChosenModel = () => {
  const queryClient = useQueryClient();
  const { data: models } = useModels();
  const { data: chosen } = useQuery({
    queryKey: [STORAGE_KEY],
    queryFn: readChosen,
    initialData: readChosen,
  });
  const choose = (name: string) => {
    queryClient.setQueryData([STORAGE_KEY], name);
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(name));
    } catch {
      // without storage, the choice ends with the page
    }
  };
  return [installedOrDefault(chosen, models), choose] as const;
};

const readChosen = (): string =>
  readLocalStorageValue({ key: STORAGE_KEY, defaultValue: DEFAULT_MODEL });

const installedOrDefault = (name: string, models: ModelSummary[] | undefined): string => {
  const names = models?.map((model) => model.name) ?? [];
  const [first] = names;
  if (first === undefined || names.includes(name)) return name;
  if (name === ALL && names.length > 1) return name;
  return names.includes(DEFAULT_MODEL) ? DEFAULT_MODEL : first;
};
