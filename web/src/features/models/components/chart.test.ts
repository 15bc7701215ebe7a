import { expect, it } from 'vitest';

import { ticksFrom } from '@/features/models/components/chart';

it.each([
  [0, [1, 0.8, 0.6, 0.4, 0.2, 0]],
  [0.7, [1, 0.9, 0.8, 0.7]],
  [0.68, [1, 0.9, 0.8, 0.7, 0.6]],
  [0.93, [1, 0.98, 0.96, 0.94, 0.92]],
  [1, [1, 0.99]],
])('ticks from %f are whole percentages at equal distances', (from, ticks) => {
  expect(ticksFrom(from)).toEqual(ticks);
});
