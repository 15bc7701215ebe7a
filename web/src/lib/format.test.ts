import { afterEach, expect, it, vi } from 'vitest';

const importFormat = (language: string) => {
  localStorage.setItem('deepsky-language', JSON.stringify(language));
  vi.resetModules();
  return import('@/lib/format');
};

afterEach(() => {
  vi.resetModules();
});

it.each([
  [0.9812, '98.1%'],
  [0.0004, '<0.1%'],
  [0.9996, '>99.9%'],
  [0, '0.0%'],
  [1, '100.0%'],
])('writes %d as %s', async (value, text) => {
  const { formatPercent } = await importFormat('en');
  expect(formatPercent(value)).toBe(text);
});

it('formats numbers and dates in the current language', async () => {
  const german = await importFormat('de');
  expect(german.formatPercent(0.9812)).toBe('98,1\u00a0%');
  expect(german.formatCount(4656)).toBe('4.656');
  expect(german.formatNumber(0.08, 3)).toBe('0,080');
  expect(german.formatMillions(4_378_791)).toMatch(/^4,4\sMillionen$/);
  expect(german.formatAlternatives(['Galaxie', 'Nebel'])).toBe('Galaxie oder Nebel');
  expect(german.formatDay('2026-11-22T12:00:00Z')).toBe('22.11.2026');
});
