import { expect, it } from 'vitest';

import { discoveryText, distanceText } from '@/components/object/object-facts';

it.each([
  [440, 'about 440 light-years'],
  [6500, 'about 6,500 light-years'],
  [160_000, 'about 160,000 light-years'],
  [2_500_000, 'about 2.5 million light-years'],
  [250_000_000, 'about 250 million light-years'],
])('writes a distance of %d light-years in words', (lightYears, text) => {
  expect(distanceText(lightYears)).toBe(text);
});

it.each([
  [{ by: 'Charles Messier', year: 1764, before: false }, '1764 (Charles Messier)'],
  [
    { by: 'Giovanni Battista Hodierna', year: 1654, before: true },
    '1654 or earlier (Giovanni Battista Hodierna)',
  ],
  [{ by: null, year: null, before: false }, 'antiquity'],
])('states since when an object has been known', (discovery, text) => {
  expect(discoveryText(discovery)).toBe(text);
});
