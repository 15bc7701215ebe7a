import { expect, it } from 'vitest';

import { de } from '@/features/learn/texts/de';
import { en } from '@/features/learn/texts/en';
import { differentArguments } from '@/testing/message-arguments';
import { untranslated } from '@/testing/untranslated';

it('translates every text', () => {
  expect(untranslated(en, de)).toEqual([]);
});

it('uses the same arguments in every language', () => {
  expect(differentArguments(en, de)).toEqual([]);
});
