import type { operations } from '@/api/schema';
import type { Label } from '@/lib/api-client';

export type PreviewSize = NonNullable<
  NonNullable<operations['getImage']['parameters']['query']>['size']
>;

const address = (id: string) => `/api/v1/classifications/${id}`;

/** Where the server shows the image of a classification: upright and stretched. */
export const previewAddress = (id: string, size: PreviewSize = 'large'): string =>
  `${address(id)}/image${size === 'large' ? '' : `?size=${size}`}`;

/** Where the server shows what in that image speaks for a label, to lay over it. */
export const evidenceAddress = (id: string, label: Label): string =>
  `${address(id)}/evidence/${label}.png`;
