import { afterEach, expect, it } from 'vitest';

import {
  formatAlternatives,
  formatCount,
  formatDay,
  formatMillions,
  formatNumber,
  formatPercent,
} from '@/lib/format';
import { changeLanguage } from '@/lib/language';

afterEach(() => changeLanguage('en'));

it.each([
  [0.9812, '98.1%'],
  [0.0004, '<0.1%'],
  [0.9996, '>99.9%'],
  [0, '0.0%'],
  [1, '100.0%'],
])('writes %d as %s', (value, text) => {
  expect(formatPercent(value)).toBe(text);
});

it('formats numbers and dates in the current language', async () => {
  expect(formatCount(4656)).toBe('4,656');
  await changeLanguage('de');
  expect(formatPercent(0.9812)).toBe('98,1\u00a0%');
  expect(formatCount(4656)).toBe('4.656');
  expect(formatNumber(0.08, 3)).toBe('0,080');
  expect(formatMillions(4_378_791)).toMatch(/^4,4\sMillionen$/);
  expect(formatAlternatives(['Galaxie', 'Nebel'])).toBe('Galaxie oder Nebel');
  expect(formatDay('2026-11-22T12:00:00Z')).toBe('22.11.2026');
});
