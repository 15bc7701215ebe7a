import { expect, it } from 'vitest';

import { galacticEquator, pathThrough, project } from '@/components/object/sky-projection';

it.each([
  ['the vernal equinox in the middle', [0, 0], [180, 90]],
  ['the north pole at the top', [123, 90], [180, 0]],
  ['the south pole at the bottom', [0, -90], [180, 180]],
  ['east at the left edge', [179.999, 0], [0, 90]],
  ['west at the right edge', [180, 0], [360, 90]],
] as const)('puts %s', (_, [ra, dec], [x, y]) => {
  const point = project(ra, dec, 0);
  expect(point[0]).toBeCloseTo(x, 1);
  expect(point[1]).toBeCloseTo(y, 1);
});

it('can put any right ascension in the middle', () => {
  expect(project(270, 0, 270)[0]).toBeCloseTo(180, 5);
  expect(project(300, 0, 270)[0]).toBeCloseTo(project(30, 0, 0)[0], 5);
});

it('puts the galactic centre and anticentre on the Milky Way', () => {
  const [ra, dec] = galacticEquator(0);
  expect(ra).toBeCloseTo(266.405, 2);
  expect(dec).toBeCloseTo(-28.936, 2);
  expect(galacticEquator(180)[1]).toBeCloseTo(28.936, 2);
});

it('interrupts paths that leave one edge and enter at the other', () => {
  expect(
    pathThrough([
      [10, 90],
      [5, 90],
      [355, 90],
      [350, 90],
    ]),
  ).toBe('M10.0 90.0L5.0 90.0M355.0 90.0L350.0 90.0');
});
