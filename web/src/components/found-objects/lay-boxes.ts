import type { Named } from '@/components/object/outline-layout';
import type { FoundObject } from '@/lib/api-client';
import { formatRoundPercent } from '@/lib/format';
import { labelName } from '@/lib/labels';

/** Describes a found object: its name, if it is known, its class and the probability. */
export const textOf = ({ label, probability, object }: FoundObject): string => {
  const text = `${labelName(label)} ${formatRoundPercent(probability)}`;
  return object === null ? text : `${object.name}: ${text}`;
};

/** Returns the boxes of found objects in an image shown at a scale, as `layLabels` needs them. */
export const layBoxes = (found: readonly FoundObject[], scale: number): Named[] =>
  found.map((one) => ({
    object: { name: textOf(one), angle: 0 },
    x: ((one.left + one.right) / 2) * scale,
    y: ((one.top + one.bottom) / 2) * scale,
    semiMajor: ((one.right - one.left) / 2) * scale,
    semiMinor: ((one.bottom - one.top) / 2) * scale,
  }));
