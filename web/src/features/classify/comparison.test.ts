import { expect, it } from 'vitest';

import { compareAnswers } from '@/features/classify/comparison';
import type { Label } from '@/lib/api-client';

const compare = (...labels: Label[]) =>
  compareAnswers(
    labels.map((label, index) => ({ label, model: `m${index}` })),
    (model) => model.toUpperCase(),
  );

it('reports agreement without outliers', () => {
  const { text, outliers } = compare('nebula', 'nebula', 'nebula');
  expect(text).toBe('All 3 models agree: Nebula.');
  expect([...outliers]).toEqual([]);
});

it('lists the largest group first and marks the other models as outliers', () => {
  const { text, outliers } = compare('galaxy', 'nebula', 'nebula');
  expect(text).toBe('The models differ. M1 and M2: Nebula; M0: Galaxy.');
  expect([...outliers]).toEqual(['m0']);
});

it('marks all models as outliers if there is no majority', () => {
  expect([...compare('galaxy', 'nebula').outliers]).toEqual(['m0', 'm1']);
});

it('counts the members of an ensemble, but not the ensemble', () => {
  const answers = ['m0', 'm1', 'both'].map((model) => ({ label: 'galaxy', model }));
  const { text } = compareAnswers(answers, (model) => model, ['both']);
  expect(text).toBe('All 2 models agree: Galaxy.');
  const differing = compareAnswers(
    answers.map((one) => (one.model === 'both' ? { ...one, label: 'nebula' } : one)),
    (model) => model,
    ['both'],
  );
  expect([...differing.outliers]).toEqual(['both']);
});
