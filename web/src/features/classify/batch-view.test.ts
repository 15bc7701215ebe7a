import { expect, it } from 'vitest';

import {
  arrange,
  type BatchItem,
  type BatchSort,
  countChips,
} from '@/features/classify/batch-view';
import type { Classification } from '@/lib/api-client';
import { createAnswer, createObject } from '@/testing/fixtures';

const item = (id: number, name: string, changes?: Partial<Classification>): BatchItem => ({
  image: { id, source: new File([], name), status: { name: changes ? 'answered' : 'waiting' } },
  answers: changes && [createAnswer({ id: name, path: name, ...changes })],
});

const ITEMS = [
  item(1, 'img10.jpg', { probabilities: { galaxy: 0.9 }, created_at: '2026-11-22T21:00:03Z' }),
  item(2, 'img2.jpg', {
    label: 'other',
    probabilities: { other: 0.6 },
    created_at: '2026-11-22T21:00:01Z',
  }),
  item(3, 'waiting.jpg'),
  item(4, 'a.jpg', {
    verdict: 'unsure',
    probabilities: { galaxy: 0.7 },
    created_at: '2026-11-22T21:00:02Z',
    object: createObject(),
  }),
];

const shown = (changes: { sort?: BatchSort; chip?: string; text?: string }) =>
  arrange(ITEMS, { sort: 'added', text: '', ...changes }).map(({ image }) => image.id);

it.each<[BatchSort, number[]]>([
  ['added', [1, 2, 3, 4]],
  ['name', [4, 2, 1, 3]],
  ['name_descending', [3, 1, 2, 4]],
  ['most_uncertain', [2, 4, 1, 3]],
  ['most_certain', [1, 4, 2, 3]],
  ['oldest', [2, 4, 1, 3]],
  ['newest', [1, 4, 2, 3]],
  ['label', [4, 1, 2, 3]],
])('sorted by %s, images without an answer are last unless the name decides', (sort, expected) => {
  expect(shown({ sort })).toEqual(expected);
});

it('is filtered by verdict, by images without a deep-sky object and by text', () => {
  expect(shown({ chip: 'unsure' })).toEqual([4]);
  expect(shown({ chip: 'other' })).toEqual([2]);
  expect(shown({ chip: 'unfamiliar' })).toEqual([]);
  expect(shown({ text: 'IMG' })).toEqual([1, 2]);
  expect(shown({ text: 'm31' })).toEqual([4]);
  expect(shown({ text: 'andromeda galaxy' })).toEqual([4]);
});

it('is counted', () => {
  expect(countChips(ITEMS, ['confident', 'unsure', 'unfamiliar', 'other'])).toEqual({
    confident: 2,
    unsure: 1,
    unfamiliar: 0,
    other: 1,
  });
});
