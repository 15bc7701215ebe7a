import { expect, it } from 'vitest';

import { toCsv } from '@/features/history/csv';
import { createAnswer, createFeedback, createObject, sky } from '@/testing/fixtures';

const cellsOf = (csv: string): Record<string, string | undefined> => {
  const [header = '', row = ''] = csv.split('\r\n');
  const cells = row.split(',');
  return Object.fromEntries(header.split(',').map((name, index) => [name, cells[index]]));
};

it('writes one column per field, with exact values', () => {
  const answer = createAnswer({
    feedback: createFeedback({ verdict: 'incorrect', label: 'nebula' }),
  });
  expect(cellsOf(toCsv([answer]))).toMatchObject({
    id: 'a1',
    label: 'galaxy',
    probability_galaxy: '0.964',
    prediction_set: 'galaxy',
    feedback_verdict: 'incorrect',
    feedback_label: 'nebula',
    feedback_second_label: '',
    feedback_blind: 'false',
    feedback_comment: '',
  });
});

it('writes the header even without answers', () => {
  expect(toCsv([])).toMatch(/^id,created_at,.*\r\n$/);
});

it('quotes values with commas, quotes or line breaks', () => {
  expect(toCsv([createAnswer({ path: 'a "b",\nc.jpg' })])).toContain(',"a ""b"",\nc.jpg",');
});

it('escapes values that a spreadsheet would evaluate as formulas', () => {
  expect(toCsv([createAnswer({ path: '=1+1.jpg' })])).toContain(",'=1+1.jpg,");
});

it('contains the object and its place on the sky in the columns of the command line', () => {
  const answer = createAnswer({ object: createObject(), sky, agreement: 'agrees' });
  expect(cellsOf(toCsv([answer]))).toMatchObject({
    object: 'M 31',
    object_kind: 'spiral galaxy',
    object_found_by: 'file name',
    agreement: 'agrees',
    combined_label: '',
    ra: '10.7',
  });
});
