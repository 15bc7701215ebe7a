import { expect, it } from 'vitest';

import { formatShare } from '@/lib/format';

it.each([
  [0.9812, '98.1%'],
  [0.0004, '<0.1%'],
  [0.9996, '>99.9%'],
  [0, '0.0%'],
  [1, '100.0%'],
])('writes %d as %s', (value, text) => {
  expect(formatShare(value)).toBe(text);
});
