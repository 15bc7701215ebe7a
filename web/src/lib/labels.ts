import type { CatalogueObject, Label } from '@/lib/api-client';
import { currentMessages } from '@/lib/messages';

/** The labels of the shipped models in display order. Other models have labels of their own. */
export const LABELS = ['galaxy', 'nebula', 'star_cluster', 'other'] as const;

export type ShippedLabel = (typeof LABELS)[number];

const isShipped = (label: Label): label is ShippedLabel => LABELS.some((one) => one === label);

/** Returns the labels of the model of a classification in display order. */
export const labelsOf = ({ probabilities }: { probabilities: Record<Label, number> }): Label[] =>
  Object.keys(probabilities);

/** Returns the labels of the shipped models, followed by other labels in classifications. */
export const allLabels = (answers: { probabilities: Record<Label, number> }[]): Label[] => [
  ...new Set<Label>([...LABELS, ...answers.flatMap(labelsOf)]),
];

/** Returns the name of a class. The text of a label is the name of a class of another model. */
export const labelName = (label: Label): string => {
  if (isShipped(label)) return currentMessages().labels[label];
  const text = textOf(label);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Returns the name of a class for use in a sentence, such as "a galaxy". */
export const labelNoun = (label: Label): string =>
  isShipped(label) ? currentMessages().nouns[label] : textOf(label);

/** Returns what the network sees, in words. */
export const seenText = (label: Label): string =>
  isShipped(label) ? currentMessages().object.seen[label] : textOf(label);

/** Returns the name of images of a class in a sentence. */
export const imagesOf = (label: Label): string =>
  isShipped(label) ? currentMessages().performance.confusion.images[label] : textOf(label);

/** Returns the number of images of a class in words. */
export const countOf = (label: Label, count: number): string =>
  isShipped(label)
    ? currentMessages().images.labels[label]({ count })
    : `${count} ${textOf(label)}`;

const FURTHER_COLOURS = [
  '#ff800e',
  '#be78ff',
  '#28d2be',
  '#fff06e',
  '#ff78c8',
  '#6e96ff',
  '#c8e63c',
  '#ff645a',
];

/**
 * Returns the colour of a label of a model. The server uses the same colours in the evidence
 * overlays.
 */
export const colourOf = (label: Label, labels: readonly Label[] = LABELS): string => {
  if (isShipped(label)) return `var(--label-${label.replace('_', '-')})`;
  const index = labels.filter((one) => !isShipped(one)).indexOf(label);
  return FURTHER_COLOURS[index % FURTHER_COLOURS.length] ?? 'gray';
};

/** Returns the colour of the main label of an object; stars, which have none, are neutral. */
export const colourOfObject = ({ labels: [label] }: Pick<CatalogueObject, 'labels'>): string =>
  label === undefined ? 'var(--on-night-dimmed)' : colourOf(label);

/** Returns the probability of a label of a classification. */
export const probabilityOf = (
  { probabilities }: { probabilities: Record<Label, number> },
  label: Label,
): number => probabilities[label] ?? 0;

const textOf = (label: Label): string => label.replaceAll('_', ' ');
