import { expect, it } from 'vitest';

import { agreementOf } from '@/features/classify/agreement';
import type { Label } from '@/lib/api-client';

const compare = (...labels: Label[]) =>
  agreementOf(
    labels.map((label, index) => ({ label, model: `m${index}` })),
    (model) => model.toUpperCase(),
  );

it('says that all agree, and marks none', () => {
  const { words, apart } = compare('nebula', 'nebula', 'nebula');
  expect(words).toBe('All 3 models say “Nebula”.');
  expect([...apart]).toEqual([]);
});

it('names who says what, the most first, and marks the others', () => {
  const { words, apart } = compare('galaxy', 'nebula', 'nebula');
  expect(words).toBe('The models differ. M1 and M2 say “Nebula”; M0 says “Galaxy”.');
  expect([...apart]).toEqual(['m0']);
});

it('marks all where none has the most votes', () => {
  expect([...compare('galaxy', 'nebula').apart]).toEqual(['m0', 'm1']);
});
