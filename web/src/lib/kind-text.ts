import type { Classification, Kind, OtherKind } from '@/lib/api-client';
import { formatRoundPercent } from '@/lib/format';
import { currentMessages } from '@/lib/messages';
import { identified } from '@/lib/object-text';

type Answer = Pick<Classification, 'label' | 'verdict' | 'subtype' | 'object' | 'agreement'>;

const WITH_KINDS = ['galaxy', 'nebula', 'star_cluster'];

/**
 * Describes the kind that the model sees, such as “spiral galaxy” or “planet”. Undefined if the
 * model predicts no kinds, if the catalogue states the kind, or if the kind of an image without a
 * deep-sky object is unsure.
 */
export const kindText = (answer: Answer, predictsKinds = true): string | undefined => {
  const { kinds, otherKinds, seenKind } = currentMessages().object;
  const { label, verdict, subtype } = answer;
  if (subtype?.source === 'network') {
    const probability = subtype.probability === null ? '' : formatRoundPercent(subtype.probability);
    return isOther(subtype.name)
      ? seenKind.somethingElse({ kind: otherKinds[subtype.name], probability })
      : seenKind.probably({ kind: kinds[subtype.name], probability });
  }
  const isKnown = subtype !== null || identified(answer) !== undefined;
  if (!predictsKinds || isKnown || verdict === 'unfamiliar' || !WITH_KINDS.includes(label))
    return undefined;
  return seenKind.unsure;
};

const isOther = (kind: Kind | OtherKind): kind is OtherKind =>
  kind in currentMessages().object.otherKinds;
