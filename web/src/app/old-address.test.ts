import { expect, it } from 'vitest';

import { addressOf } from '@/app/old-address';

it.each([
  ['#/', '/'],
  ['#/history', '/history'],
  ['#/history?label=nebula', '/history?label=nebula'],
  ['#/history/a1', '/answers/a1'],
  ['#/learn/figures#set', '/learn/figures#set'],
  ['#//evil.example/x', '/evil.example/x'],
])('an earlier address %s leads to the page %s', (hash, address) => {
  expect(addressOf(hash)).toBe(address);
});

it.each(['', '#', '#set'])('the fragment %j is no earlier address', (hash) => {
  expect(addressOf(hash)).toBeUndefined();
});
