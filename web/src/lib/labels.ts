import type { CatalogueObject, Label } from '@/lib/api-client';

/** All labels in display order. */
export const LABELS: readonly Label[] = ['galaxy', 'nebula', 'star_cluster', 'other'];

/** Returns the colour of a label. The server uses the same colours in the evidence overlays. */
export const colourOf = (label: Label): string => `var(--label-${label.replace('_', '-')})`;

/** Returns the colour of the main label of an object; stars, which have none, are neutral. */
export const colourOfObject = ({ labels: [label] }: Pick<CatalogueObject, 'labels'>): string =>
  label === undefined ? 'var(--on-night-dimmed)' : colourOf(label);
