import { expect, it } from 'vitest';

import { toCsv } from '@/features/history/csv';
import { answerWith, feedbackWith } from '@/testing/answers';

const cellsOf = (csv: string): Record<string, string | undefined> => {
  const [header = '', row = ''] = csv.split('\r\n');
  const cells = row.split(',');
  return Object.fromEntries(header.split(',').map((name, index) => [name, cells[index]]));
};

it('writes a column for all that is known of an answer, exactly', () => {
  const answer = answerWith({ feedback: feedbackWith({ verdict: 'incorrect', label: 'nebula' }) });
  expect(cellsOf(toCsv([answer]))).toMatchObject({
    id: 'a1',
    label: 'galaxy',
    probability_galaxy: '0.964',
    prediction_set: 'galaxy',
    feedback_verdict: 'incorrect',
    feedback_label: 'nebula',
    feedback_comment: '',
  });
});

it('writes the names of the columns even without answers', () => {
  expect(toCsv([])).toMatch(/^id,created_at,.*\r\n$/);
});

it('quotes what holds commas, quotes or lines', () => {
  expect(toCsv([answerWith({ path: 'a "b",\nc.jpg' })])).toContain(',"a ""b"",\nc.jpg",');
});

it('lets no spreadsheet take a name for a formula', () => {
  expect(toCsv([answerWith({ path: '=1+1.jpg' })])).toContain(",'=1+1.jpg,");
});
