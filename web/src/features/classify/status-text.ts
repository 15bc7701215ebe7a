import type { Status } from '@/features/classify/queued-image';
import { formatRoundShare } from '@/lib/format';
import { messages } from '@/lib/messages';

/** The status of a pending image, in words. */
export const statusText = (status: Status): string =>
  status.name === 'waiting' ? messages.progress.waiting : messages.progress.classifying;

/** How much of an image has been uploaded; undefined before and after the upload. */
export const uploadProgressText = (status: Status): string | undefined =>
  status.name === 'classifying' && status.share > 0 && status.share < 1
    ? messages.progress.uploaded(formatRoundShare(status.share))
    : undefined;
