import { expect, it } from 'vitest';

import { de } from '@/lib/messages/de';
import { en } from '@/lib/messages/en';
import { untranslated } from '@/testing/untranslated';

it('translates every text', () => {
  const shared = ['deepsky', 'API', 'F1', 'Format', 'System', 'dsk_…'];
  expect(untranslated(en, de, shared)).toEqual([]);
});
