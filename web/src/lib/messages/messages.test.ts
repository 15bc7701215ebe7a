import { expect, it } from 'vitest';

import { de } from '@/lib/messages/de';
import { en } from '@/lib/messages/en';
import { untranslated } from '@/testing/untranslated';

it("adds the server's message if it names the unsupported format", () => {
  const message = de.errors.byCode.unsupported_format;
  expect(typeof message === 'function' && message('This is a text file.')).toMatch(
    /^Dieses Format .*“This is a text file\.”$/,
  );
});

it('translates every text', () => {
  const shared = ['deepsky', 'API', 'F1', 'Format', 'System', 'dsk_…'];
  expect(untranslated(en, de, shared)).toEqual([]);
});
