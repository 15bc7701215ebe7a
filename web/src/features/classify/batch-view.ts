import { nameOf, type QueuedImage } from '@/features/classify/queued-image';
import type { Classification } from '@/lib/api-client';
import { labelName } from '@/lib/labels';

/** An image of the queue with its answers. */
export interface BatchItem {
  image: QueuedImage;
  answers: Classification[] | undefined;
}

export type BatchSort =
  | 'added'
  | 'newest'
  | 'oldest'
  | 'most_uncertain'
  | 'most_certain'
  | 'name'
  | 'name_descending'
  | 'label'
  | 'model';

/** What is shown of a batch. */
export interface BatchView {
  sort: BatchSort;
  /** A verdict, `other` for images without a deep-sky object, or undefined for all images. */
  chip?: string | undefined;
  text: string;
}

/** Returns whether an answer belongs to a chip. */
export const isOf = (chip: string, { verdict, label }: Classification): boolean =>
  chip === 'other' ? label === 'other' : verdict === chip;

/** Counts the images of each chip, by their first answer. */
export const countChips = (items: readonly BatchItem[], chips: readonly string[]) =>
  Object.fromEntries(
    chips.map((chip) => [
      chip,
      items.filter(({ answers }) => answers?.[0] && isOf(chip, answers[0])).length,
    ]),
  );

/** Returns the images to show, in their order. Images without an answer are last. */
export const arrange = (items: readonly BatchItem[], view: BatchView): BatchItem[] => {
  const wanted = withoutSpaces(view.text);
  const shown = items.filter(({ image, answers }) => {
    const [first] = answers ?? [];
    if (view.chip !== undefined && (first === undefined || !isOf(view.chip, first))) return false;
    const names = [nameOf(image), first?.object?.name, first?.object?.common_name];
    return names.some((name) => withoutSpaces(name ?? '').includes(wanted));
  });
  const compare = ORDERS[view.sort];
  if (compare === undefined) return shown;
  return shown.toSorted((a, b) => {
    const byName = nameOf(a.image).localeCompare(nameOf(b.image), undefined, {
      numeric: true,
    });
    if (view.sort === 'name') return byName;
    if (view.sort === 'name_descending') return -byName;
    const [one, other] = [a.answers?.[0], b.answers?.[0]];
    if (one === undefined || other === undefined) {
      return Number(one === undefined) - Number(other === undefined);
    }
    return compare(one, other);
  });
};

const certainty = ({ probabilities }: Classification) => Math.max(...Object.values(probabilities));

type Compare = (one: Classification, other: Classification) => number;

const byCertainty: Compare = (one, other) => certainty(one) - certainty(other);
const byTime: Compare = (one, other) => one.created_at.localeCompare(other.created_at);

const ORDERS: Partial<Record<BatchSort, Compare>> = {
  name: () => 0,
  name_descending: () => 0,
  most_uncertain: byCertainty,
  most_certain: (one, other) => byCertainty(other, one),
  oldest: byTime,
  newest: (one, other) => byTime(other, one),
  label: (one, other) =>
    labelName(one.label).localeCompare(labelName(other.label)) || byCertainty(one, other),
  model: (one, other) => one.model.localeCompare(other.model) || byCertainty(one, other),
};

const withoutSpaces = (text: string) => text.replaceAll(' ', '').toLowerCase();
