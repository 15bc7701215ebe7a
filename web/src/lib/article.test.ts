import { afterEach, expect, it } from 'vitest';

import { withArticle } from '@/lib/article';
import { changeLanguage } from '@/lib/language';

afterEach(() => changeLanguage('en'));

it.each([
  ['Andromeda Galaxy', 'the Andromeda Galaxy'],
  ['Pleiades', 'the Pleiades'],
  ["Cat's Eye Nebula", "the Cat's Eye Nebula"],
  ["Bode's Galaxy", "Bode's Galaxy"],
  ['47 Tucanae', '47 Tucanae'],
])('adds the English article to %s where there is one', (name, text) => {
  expect(withArticle(name)).toBe(text);
});

it.each([
  ['Andromedagalaxie', 'die Andromedagalaxie'],
  ['kleiner Hantelnebel', 'der kleine Hantelnebel'],
  ['blinkender planetarischer Nebel', 'der blinkende planetarische Nebel'],
  ['Große Magellansche Wolke', 'die Große Magellansche Wolke'],
  ['Leo-Triplett', 'das Leo-Triplett'],
  ['Bodes Galaxie', 'Bodes Galaxie'],
  ['h und Chi Persei', 'h und Chi Persei'],
])('adds the German article to %s where there is one', async (name, text) => {
  await changeLanguage('de');
  expect(withArticle(name)).toBe(text);
});
