import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';

import { ANSWERS, forgetAnswers, updateAnswer } from '@/lib/answer-cache';
import { answerPages } from '@/lib/answer-pages';
import { createAnswer } from '@/testing/fixtures';

const other = createAnswer({ id: 'b2' });

it.each([
  ['alone', (answer: unknown) => answer],
  ['in a list', (answer: unknown) => [other, answer]],
  ['in pages', (answer: unknown) => ({ pages: [{ items: [answer, other], next_cursor: null }] })],
])('changes only the given answer if it is stored %s', (_, wrap) => {
  const client = new QueryClient();
  client.setQueryData([ANSWERS, 'test'], wrap(createAnswer({ label: 'galaxy' })));
  updateAnswer(client, 'a1', { label: 'nebula' });
  expect(client.getQueryData([ANSWERS, 'test'])).toEqual(wrap(createAnswer({ label: 'nebula' })));
});

it('leaves other queries unchanged', () => {
  const client = new QueryClient();
  client.setQueryData(['models'], [{ id: 'a1' }]);
  updateAnswer(client, 'a1', { label: 'nebula' });
  expect(client.getQueryData(['models'])).toEqual([{ id: 'a1' }]);
});

it('removes deleted answers from all lists, and what contains them otherwise', () => {
  const client = new QueryClient();
  const lists = [answerPages({ limit: 1 }), answerPages({ label: 'galaxy', limit: 1 })];
  const page = (...items: ReturnType<typeof createAnswer>[]) => ({
    pages: [{ items, next_cursor: null }],
    pageParams: [null],
  });
  for (const { queryKey } of lists) client.setQueryData(queryKey, page(createAnswer(), other));
  client.setQueryData([ANSWERS, 'one'], createAnswer());
  client.setQueryData([ANSWERS, 'other'], other);
  forgetAnswers(client, new Set(['a1']));
  for (const { queryKey } of lists) expect(client.getQueryData(queryKey)).toEqual(page(other));
  expect(client.getQueryData([ANSWERS, 'one'])).toBeUndefined();
  expect(client.getQueryData([ANSWERS, 'other'])).toEqual(other);
});
