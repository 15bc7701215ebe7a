import { expect, it } from 'vitest';

import { formatAngle, formatDeclination, formatRightAscension } from '@/lib/sky-angles';

/** Replaces spaces without a line break by ordinary ones. */
const breakable = (text: string): string => text.replaceAll('\u00a0', ' ');

it.each([
  [10.684799, '0h 42m 44s'],
  [359.9999, '0h 00m 00s'],
  [83.82, '5h 35m 17s'],
])('formats a right ascension of %d°', (degrees, text) => {
  expect(breakable(formatRightAscension(degrees))).toBe(text);
});

it.each([
  [41.269076, '+41° 16′'],
  [-0.5, '−0° 30′'],
  [-5.999, '−6° 00′'],
])('formats a declination of %d°', (degrees, text) => {
  expect(breakable(formatDeclination(degrees))).toBe(text);
});

it.each([
  [2.96, '3.0°'],
  [0.25, '15.0′'],
  [0.01, '36″'],
  [0.0005, '1.8″'],
])('formats an angle of %d°', (degrees, text) => {
  expect(formatAngle(degrees)).toBe(text);
});
