import type { Classification, Label } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { messages } from '@/lib/messages';

type Said = Pick<Classification, 'label' | 'model'>;

/** Where several models agree and where they differ. */
export interface Agreement {
  /** In words, naming each model by its title. */
  words: string;
  /** The models that do not say what most say; all, where no label has the most votes. */
  apart: Set<string>;
}

export const agreementOf = (said: Said[], titleOf: (model: string) => string): Agreement => {
  const groups = grouped(said);
  const [most, next] = groups;
  if (most === undefined || next === undefined) {
    const label = most?.label ?? 'other';
    return { words: messages.compare.agree(said.length, messages.labels[label]), apart: new Set() };
  }
  const words = groups.map(({ label, models }) =>
    messages.compare.says(formatList(models.map(titleOf)), models.length, messages.labels[label]),
  );
  const apart = most.models.length > next.models.length ? groups.slice(1) : groups;
  return {
    words: messages.compare.differ(words),
    apart: new Set(apart.flatMap(({ models }) => models)),
  };
};

/** The models by what they say, the largest group first. */
const grouped = (said: Said[]): { label: Label; models: string[] }[] => {
  const labels = [...new Set(said.map(({ label }) => label))];
  return labels
    .map((label) => ({
      label,
      models: said.filter((one) => one.label === label).map(({ model }) => model),
    }))
    .toSorted((a, b) => b.models.length - a.models.length);
};
