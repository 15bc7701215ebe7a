import type { Label } from '@/lib/api-client';

/** All labels in display order. */
export const LABELS: readonly Label[] = ['galaxy', 'nebula', 'star_cluster', 'other'];

/** Returns the colour of a label. The server uses the same colours in the evidence overlays. */
export const colourOf = (label: Label): string => `var(--label-${label.replace('_', '-')})`;
