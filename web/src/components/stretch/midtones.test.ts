import { expect, it } from 'vitest';

import { isAutomatic, midtonesOf, stretchOf } from '@/components/stretch/midtones';

it('reads and writes the parameters of a stretch', () => {
  expect(midtonesOf('mtf-0.3-1.5')).toEqual({ background: 0.3, shadows: 1.5 });
  expect(stretchOf({ background: 0.3, shadows: 10 })).toBe('mtf-0.30-10.0');
});

it('uses the defaults for a stretch without parameters', () => {
  expect(midtonesOf('asinh')).toEqual(midtonesOf('mtf'));
  expect([isAutomatic('mtf'), isAutomatic('mtf-0.3-1.5')]).toEqual([true, false]);
});
