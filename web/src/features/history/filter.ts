import type { ModelSummary } from '@/lib/api-client';
import type { AnswerFilter } from '@/lib/fetch-answers';
import { messages } from '@/lib/messages';

/** A filter or the sort order. `name` is the name of the URL parameter. */
export interface FilterField {
  name: keyof AnswerFilter;
  title: string;
  options: { value: string; label: string }[];
}

const text = messages.history.filter;

const toOptions = (names: Record<string, string>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

const any = { value: '', label: text.any };

/** All filters and the sort order. The first option of each field is the default. */
export const filterFields = (models: ModelSummary[]): FilterField[] => [
  { name: 'sort', title: text.sort, options: toOptions(text.sorts) },
  { name: 'label', title: text.label, options: [any, ...toOptions(messages.labels)] },
  { name: 'verdict', title: text.verdict, options: [any, ...toOptions(messages.verdicts)] },
  {
    name: 'model',
    title: text.model,
    options: [any, ...models.map(({ name, title }) => ({ value: name, label: title }))],
  },
  { name: 'feedback', title: text.feedback, options: [any, ...toOptions(text.feedbacks)] },
];

/** Reads the filter from the URL; unknown values are ignored. */
export const filterOf = (params: URLSearchParams, fields: FilterField[]): AnswerFilter =>
  Object.fromEntries(
    fields.flatMap(({ name, options }) => {
      const value = params.get(name);
      if (value === null) return [];
      // Any model name is valid: the list of models may still be loading, and the history may contain
      // classifications by models that are no longer installed.
      const isKnown = name === 'model' || options.some((option) => option.value === value);
      return isKnown ? [[name, value]] : [];
    }),
  );
