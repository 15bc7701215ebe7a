import { expect, it } from 'vitest';

import { extend, NOTHING, selectAll, toggle } from '@/lib/selection';

const ORDER = ['a', 'b', 'c', 'd'];

it('toggles single items', () => {
  const one = toggle(NOTHING, 'b');
  expect([...one.keys]).toEqual(['b']);
  expect([...toggle(one, 'b').keys]).toEqual([]);
});

it('extends the selection from the last toggled item, in both directions', () => {
  const one = toggle(NOTHING, 'c');
  expect([...extend(one, 'a', ORDER).keys].toSorted()).toEqual(['a', 'b', 'c']);
  expect([...extend(one, 'd', ORDER).keys].toSorted()).toEqual(['c', 'd']);
});

it('keeps the anchor while the selection is extended', () => {
  const range = extend(extend(toggle(NOTHING, 'b'), 'c', ORDER), 'a', ORDER);
  expect([...range.keys].toSorted()).toEqual(['a', 'b', 'c']);
});

it('starts a range at an item if there is no anchor in the list', () => {
  expect([...extend(NOTHING, 'b', ORDER).keys]).toEqual(['b']);
  expect([...extend({ keys: new Set(), anchor: 'gone' }, 'b', ORDER).keys]).toEqual(['b']);
});

it('selects all items', () => {
  expect(selectAll(ORDER).keys.size).toBe(4);
});
