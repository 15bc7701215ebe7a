import type { AnswerCounts, ModelSummary } from '@/lib/api-client';
import type { AnswerFilter } from '@/lib/fetch-answers';
import { formatCount } from '@/lib/format';
import { labelName, LABELS } from '@/lib/labels';
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

/** The filters with a text or a date. */
export const TYPED = ['text', 'since', 'until'] as const;

const DATE = /^\d{4}-\d\d-\d\d$/;

/** All filters and the sort order. The first option of each field is the default. */
export const filterFields = (
  models: ModelSummary[],
  counts: AnswerCounts | undefined,
): FilterField[] => {
  const labels = [...new Set([...LABELS, ...Object.keys(counts?.labels ?? {})])];
  const counted = (count: number | undefined, label: string) =>
    counts === undefined ? label : `${label} (${formatCount(count ?? 0)})`;
  return [
    { name: 'sort', title: text.sort, options: toOptions(text.sorts) },
    {
      name: 'label',
      title: text.label,
      options: [
        any,
        ...labels.map((value) => ({
          value,
          label: counted(counts?.labels[value], labelName(value)),
        })),
      ],
    },
    {
      name: 'model',
      title: text.model,
      options: [
        any,
        ...models.map(({ name, title }) => ({
          value: name,
          label: counted(counts?.models[name], title),
        })),
      ],
    },
    { name: 'feedback', title: text.feedback, options: [any, ...toOptions(text.feedbacks)] },
  ];
};

/** Reads the filter from the URL; unknown values are ignored. */
export const filterOf = (params: URLSearchParams, fields: FilterField[]): AnswerFilter => {
  const chosen = fields.flatMap(({ name, options }) => {
    const value = params.get(name);
    if (value === null) return [];
    // Any model or label is valid: the list of models may still be loading, and the history may
    // contain classifications by models that are no longer installed.
    const isKnown =
      name === 'model' || name === 'label' || options.some((option) => option.value === value);
    return isKnown ? [[name, value]] : [];
  });
  const verdict = params.get('verdict');
  if (verdict !== null && verdict in messages.verdicts) chosen.push(['verdict', verdict]);
  const searched = params.get('text')?.trim();
  if (searched) chosen.push(['text', searched]);
  for (const name of ['since', 'until'] as const) {
    const day = params.get(name);
    if (day !== null && DATE.test(day)) chosen.push([name, startOf(day, name === 'until' ? 1 : 0)]);
  }
  return Object.fromEntries(chosen) as AnswerFilter;
};

/** Returns the time at which a day, or the day after it, starts in the local time zone. */
const startOf = (day: string, after: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + after).toISOString();
};
