import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';

import { ANSWERS, changeAnswer } from '@/lib/answer-cache';
import { answerWith } from '@/testing/answers';

const other = answerWith({ id: 'b2' });

it.each([
  ['alone', (answer: unknown) => answer],
  ['in a list', (answer: unknown) => [other, answer]],
  ['in pages', (answer: unknown) => ({ pages: [{ items: [answer, other], next_cursor: null }] })],
])('changes an answer that is held %s, and no other', (_, hold) => {
  const client = new QueryClient();
  client.setQueryData([ANSWERS, 'held'], hold(answerWith({ label: 'galaxy' })));
  changeAnswer(client, 'a1', { label: 'nebula' });
  expect(client.getQueryData([ANSWERS, 'held'])).toEqual(hold(answerWith({ label: 'nebula' })));
});

it('leaves alone what holds no answers', () => {
  const client = new QueryClient();
  client.setQueryData(['models'], [{ id: 'a1' }]);
  changeAnswer(client, 'a1', { label: 'nebula' });
  expect(client.getQueryData(['models'])).toEqual([{ id: 'a1' }]);
});
