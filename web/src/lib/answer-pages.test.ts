import { expect, it } from 'vitest';

import { answerPages } from '@/lib/answer-pages';

it('has the path and the parameters in the key of a list', () => {
  const query = { label: 'nebula', limit: 2 };
  expect(answerPages(query).queryKey).toEqual([
    'classifications',
    '/api/v1/classifications',
    { params: { query } },
  ]);
});
