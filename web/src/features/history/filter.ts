import type { AnswerFilter } from '@/lib/answer-pages';
import type { AnswerCounts, ModelSummary } from '@/lib/api-client';
import { formatCount } from '@/lib/format';
import { labelName, LABELS } from '@/lib/labels';
import { currentMessages } from '@/lib/messages';

/** A filter or the sort order. `name` is the name of the URL parameter. */
export interface FilterField {
  name: keyof AnswerFilter;
  title: string;
  options: { value: string; label: string }[];
}

const toOptions = (names: Record<string, string>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

/** The filters with a text or a date. */
export const TYPED = ['text', 'since', 'until'] as const;

const DATE = /^\d{4}-\d\d-\d\d$/;

/** All filters and the sort order. The first option of each field is the default. */
export const filterFields = (
  models: ModelSummary[],
  counts: AnswerCounts | undefined,
): FilterField[] => {
  const text = currentMessages().history.filter;
  const any = { value: '', label: text.any };
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

/**
 * Reads the filter from the URL; unknown values are ignored.
 *
 * Any model or label is valid: the list of models may still be loading, and the history may contain
 * classifications by models that are no longer installed.
 */
export const filterOf = (params: URLSearchParams): AnswerFilter => {
  const messages = currentMessages();
  const { sorts, feedbacks } = messages.history.filter;
  const filter: AnswerFilter = {};
  const [sort, feedback, verdict] = [
    params.get('sort'),
    params.get('feedback'),
    params.get('verdict'),
  ];
  if (isKey(sorts, sort)) filter.sort = sort;
  if (isKey(feedbacks, feedback)) filter.feedback = feedback;
  if (isKey(messages.verdicts, verdict)) filter.verdict = verdict;
  for (const name of ['label', 'model', 'text'] as const) {
    const value = params.get(name)?.trim();
    if (value) filter[name] = value;
  }
  for (const name of ['since', 'until'] as const) {
    const day = params.get(name);
    if (day !== null && DATE.test(day)) filter[name] = startOf(day, name === 'until' ? 1 : 0);
  }
  return filter;
};

const isKey = <T extends object>(names: T, key: string | null): key is keyof T & string =>
  key !== null && Object.hasOwn(names, key);

/** Returns the time at which a day, or the day after it, starts in the local time zone. */
const startOf = (day: string, after: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + after).toISOString();
};
