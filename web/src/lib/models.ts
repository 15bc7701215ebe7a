import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';

import { api, type ApiError, type Card, dataOf } from '@/lib/api-client';

/** The choice that is no model: ask each of them. */
export const ALL = 'all';

const DEFAULT_MODEL = 'efficientnet';

/** The cards of the installed models: the best measured first, one that combines others last. */
export const useModels = () =>
  useQuery<Card[], ApiError>({
    queryKey: ['models'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/models', { signal })),
    select: inOrder,
  });

export const inOrder = (cards: Card[]): Card[] => cards.toSorted((a, b) => rank(b) - rank(a));

const rank = (card: Card): number =>
  (card.metrics.test?.macro_f1.value ?? 0) - ('members' in card ? 1 : 0);

/** What a model is called; its bare name while its card is not there. */
export const titleOf = (cards: Card[] | undefined, name: string): string =>
  cards?.find((card) => card.name === name)?.title ?? name;

/** The model that is to answer, or `ALL`; what was chosen last time, if it is still installed. */
export const useChosenModel = () => {
  const { data: cards } = useModels();
  const [kept, choose] = useLocalStorage({
    key: 'deepsky-model',
    defaultValue: DEFAULT_MODEL,
    getInitialValueInEffect: false,
  });
  return [stillThere(kept, cards), choose] as const;
};

const stillThere = (name: string, cards: Card[] | undefined): string => {
  const names = cards?.map((card) => card.name) ?? [];
  const [first] = names;
  if (first === undefined || names.includes(name)) return name;
  if (name === ALL && names.length > 1) return name;
  return names.includes(DEFAULT_MODEL) ? DEFAULT_MODEL : first;
};
