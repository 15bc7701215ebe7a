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

it.each([
  [
    'The header says M 31, but the field is around 83.82°, -5.39°.',
    'Im Header der Datei steht M 31, aber das Bildfeld liegt bei 83.82°, -5.39°.',
  ],
  [
    'The header says M 31, but the file name says NGC 7000.',
    'Im Header der Datei steht M 31, aber der Dateiname nennt NGC 7000.',
  ],
  [
    'The file name says Sh2-155, but the field is around M 42.',
    'Der Dateiname nennt Sh2-155, aber das Bildfeld liegt bei M 42.',
  ],
  ['Another message.', 'Another message.'],
])('translates the contradiction “%s”', (message, text) => {
  expect(de.object.contradiction(message)).toBe(text);
});

it('translates every text', () => {
  const shared = ['deepsky', 'API', 'F1', 'Format', 'System', 'dsk_…'];
  expect(untranslated(en, de, shared)).toEqual([]);
});
