import type { Status } from '@/features/classify/queued-image';
import { formatRoundPercent } from '@/lib/format';
import { messages } from '@/lib/messages';

/** Describes the status of a pending image in words. */
export const statusText = (status: Status): string =>
  status.name === 'waiting' ? messages.progress.waiting : messages.progress.classifying;

/** Describes the upload progress of an image. Returns undefined before and after the upload. */
export const uploadProgressText = (status: Status): string | undefined =>
  status.name === 'classifying' && status.progress > 0 && status.progress < 1
    ? messages.progress.uploaded(formatRoundPercent(status.progress))
    : undefined;
