import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';

import { ANSWERS, updateAnswer } from '@/lib/answer-cache';
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
