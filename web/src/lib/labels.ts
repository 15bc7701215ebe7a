import type { Label } from '@/lib/api-client';

/** All labels, in the order in which the page shows them. */
export const LABELS: readonly Label[] = ['galaxy', 'nebula', 'star_cluster', 'other'];

/** The colour of a label: that of its evidence in the server's overlays. */
export const colourOf = (label: Label): string => `var(--label-${label.replace('_', '-')})`;
