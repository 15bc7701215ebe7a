import type { operations } from '@/api/schema';
import type { Label } from '@/lib/api-client';

export type PreviewSize = NonNullable<
  NonNullable<operations['getImage']['parameters']['query']>['size']
>;

const address = (id: string) => `/api/v1/classifications/${id}`;

/** The URL of an image's preview: upright and stretched. */
export const previewAddress = (id: string, size: PreviewSize = 'large'): string =>
  `${address(id)}/image${size === 'large' ? '' : `?size=${size}`}`;

/** The URL of the transparent evidence overlay for a label. */
export const evidenceAddress = (id: string, label: Label): string =>
  `${address(id)}/evidence/${label}.png`;
