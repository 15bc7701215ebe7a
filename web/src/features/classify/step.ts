import type { Step } from '@/features/classify/image';
import { formatRoundShare } from '@/lib/format';
import { messages } from '@/lib/messages';

/** How far an image is on its way. */
export const stepInWords = (step: Step): string =>
  step.name === 'waiting' ? messages.busy.waiting : messages.busy.title;

/** How much of an image is sent, while it is being sent and that takes a while. */
export const shareSent = (step: Step): string | undefined =>
  step.name === 'asked' && step.share > 0 && step.share < 1
    ? messages.busy.sent(formatRoundShare(step.share))
    : undefined;
