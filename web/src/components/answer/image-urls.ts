import type { operations } from '@/api/schema';
import type { Label } from '@/lib/api-client';
import { serverPath } from '@/lib/base-path';
import { isShared } from '@/lib/shared-answer';

export type PreviewSize = NonNullable<
  NonNullable<operations['getImage']['parameters']['query']>['size']
>;

const url = (id: string) =>
  serverPath(isShared(id) ? `api/v1/${id}` : `api/v1/classifications/${id}`);

/** Returns the URL of the preview, a stretched JPEG to which the image's orientation is applied. */
export const previewUrl = (id: string, size: PreviewSize = 'large'): string =>
  `${url(id)}/image${size === 'large' ? '' : `?size=${size}`}`;

/** Returns the URL of the evidence contours for a label, a transparent SVG. */
export const evidenceUrl = (id: string, label: Label): string => `${url(id)}/evidence/${label}.svg`;
