import { expect, it } from 'vitest';

import { de } from '@/features/learn/texts/de';
import { en } from '@/features/learn/texts/en';
import { untranslated } from '@/testing/untranslated';

it('translates every text', () => {
  expect(untranslated(en, de)).toEqual([]);
});
