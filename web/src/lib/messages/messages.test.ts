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

it.each([
  ['Andromeda Galaxy', 'the Andromeda Galaxy'],
  ['Pleiades', 'the Pleiades'],
  ["Cat's Eye Nebula", "the Cat's Eye Nebula"],
  ["Bode's Galaxy", "Bode's Galaxy"],
  ['47 Tucanae', '47 Tucanae'],
])('adds the English article to %s where there is one', (name, text) => {
  expect(en.object.withArticle(name)).toBe(text);
});

it.each([
  ['Andromedagalaxie', 'die Andromedagalaxie'],
  ['kleiner Hantelnebel', 'der kleine Hantelnebel'],
  ['blinkender planetarischer Nebel', 'der blinkende planetarische Nebel'],
  ['Große Magellansche Wolke', 'die Große Magellansche Wolke'],
  ['Leo-Triplett', 'das Leo-Triplett'],
  ['Bodes Galaxie', 'Bodes Galaxie'],
  ['h und Chi Persei', 'h und Chi Persei'],
])('adds the German article to %s where there is one', (name, text) => {
  expect(de.object.withArticle(name)).toBe(text);
});

it('translates every text', () => {
  const shared = ['deepsky', 'API', 'F1', 'Format', 'Link', 'System', 'dsk_…', 'Name'];
  expect(untranslated(en, de, shared)).toEqual([]);
});
