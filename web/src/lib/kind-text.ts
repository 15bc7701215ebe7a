import type { Classification } from '@/lib/api-client';
import { formatRoundPercent } from '@/lib/format';
import { messages } from '@/lib/messages';
import { identified } from '@/lib/object-text';

type Answer = Pick<Classification, 'label' | 'verdict' | 'subtype' | 'object' | 'agreement'>;

const { kinds, seenKind } = messages.object;
const WITH_KINDS = ['galaxy', 'nebula', 'star_cluster'];

/**
 * Describes the kind of object that the model sees, such as “spiral galaxy”. Undefined if the
 * catalogue states the kind, or if the answer is not an object of the sky.
 */
export const kindText = (answer: Answer): string | undefined => {
  const { label, verdict, subtype } = answer;
  if (subtype?.source === 'network') {
    const probability = subtype.probability === null ? '' : formatRoundPercent(subtype.probability);
    return seenKind.probably(kinds[subtype.name], probability);
  }
  const isKnown = subtype !== null || identified(answer) !== undefined;
  if (isKnown || verdict === 'unfamiliar' || !WITH_KINDS.includes(label)) return undefined;
  return seenKind.unsure;
};
