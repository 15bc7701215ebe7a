import type { Status } from '@/features/classify/queued-image';
import { formatRoundPercent } from '@/lib/format';
import { currentMessages } from '@/lib/messages';

/** Describes the status of a pending image in words. */
export const statusText = (status: Status): string => {
  const messages = currentMessages();
  return status.name === 'waiting' ? messages.progress.waiting : messages.progress.classifying;
};

/** Describes the upload progress of an image. Returns undefined before and after the upload. */
export const uploadProgressText = (status: Status): string | undefined =>
  status.name === 'classifying' && status.progress > 0 && status.progress < 1
    ? currentMessages().progress.uploaded({ percentage: formatRoundPercent(status.progress) })
    : undefined;
