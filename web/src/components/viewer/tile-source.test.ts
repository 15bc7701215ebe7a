import { expect, it } from 'vitest';

import { tileSource } from '@/components/viewer/tile-source';

it('starts with a level that fits into one tile and ends with the full size', () => {
  const { minLevel, maxLevel, getTileUrl } = tileSource({ id: 'x', width: 6000, height: 4000 });
  expect([minLevel, maxLevel]).toEqual([9, 13]);
  expect(getTileUrl(13, 11, 7)).toMatch(/api\/v1\/classifications\/x\/tiles\/13\/11_7\.jpg$/);
});

it('has a single level for a small image', () => {
  const { minLevel, maxLevel } = tileSource({ id: 'x', width: 300, height: 200 });
  expect([minLevel, maxLevel]).toEqual([9, 9]);
});
