import type { AnswerFilter } from '@/lib/answers';
import type { ModelSummary } from '@/lib/api-client';
import { messages } from '@/lib/messages';

/** A way in which the list can be cut down or sorted, as its address spells it. */
export interface Choice {
  name: keyof AnswerFilter;
  title: string;
  options: { value: string; label: string }[];
}

const text = messages.history.filter;

const named = (names: Record<string, string>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

const any = { value: '', label: text.any };

/** All choices; the first option of each is what holds without one. */
export const choices = (models: ModelSummary[]): Choice[] => [
  { name: 'sort', title: text.sort, options: named(text.sorts) },
  { name: 'label', title: text.label, options: [any, ...named(messages.labels)] },
  { name: 'verdict', title: text.verdict, options: [any, ...named(messages.verdicts)] },
  {
    name: 'model',
    title: text.model,
    options: [any, ...models.map(({ name, title }) => ({ value: name, label: title }))],
  },
  { name: 'feedback', title: text.feedback, options: [any, ...named(text.feedbacks)] },
];

/** What an address asks for; what it spells wrongly is left out. */
export const filterOf = (params: URLSearchParams, offered: Choice[]): AnswerFilter =>
  Object.fromEntries(
    offered.flatMap(({ name, options }) => {
      const value = params.get(name);
      if (value === null) return [];
      // The list of models may not be there yet, and need not hold those that answered once.
      const isKnown = name === 'model' || options.some((option) => option.value === value);
      return isKnown ? [[name, value]] : [];
    }),
  );
