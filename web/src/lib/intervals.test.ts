import { expect, it } from 'vitest';

import { wilsonInterval, withInterval } from '@/lib/intervals';

it('computes the Wilson score interval', () => {
  const { value, low, high } = wilsonInterval(81, 263);
  expect([value, low, high].map((one) => one.toFixed(3))).toEqual(['0.308', '0.255', '0.366']);
});

it('replaces an interval without width if all answers are right', () => {
  const { low, high } = withInterval({ value: 1, low: 1, high: 1 }, 135, 135);
  expect(low).toBeCloseTo(0.972, 3);
  expect(high).toBe(1);
});

it('keeps all other intervals', () => {
  const estimate = { value: 0.9, low: 0.85, high: 0.94 };
  expect(withInterval(estimate, 90, 100)).toBe(estimate);
});
