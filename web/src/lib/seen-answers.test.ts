import { beforeEach, expect, it } from 'vitest';

import { isSeen, markSeen } from '@/lib/seen-answers';

beforeEach(() => {
  localStorage.clear();
});

it('knows which images were shown with their answer, also after many more', () => {
  markSeen('a');
  expect([isSeen('a'), isSeen('b')]).toEqual([true, false]);
  for (let number = 0; number < 100; number++) markSeen(String(number));
  expect(isSeen('a')).toBe(true);
});

it('ignores damaged entries', () => {
  localStorage.setItem('deepsky-seen', '{"a": 1}');
  expect(isSeen('a')).toBe(false);
  localStorage.setItem('deepsky-seen', '[1, "b"');
  markSeen('b');
  expect(isSeen('b')).toBe(true);
});
