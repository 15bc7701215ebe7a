import { afterEach, expect, it, vi } from 'vitest';

import { readLanguage } from '@/lib/language';

const browserSpeaks = (...languages: string[]) => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
};

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  [['de-AT', 'en'], 'de'],
  [['fr-FR', 'de', 'en'], 'de'],
  [['fr-FR'], 'en'],
  [[], 'en'],
])('takes from %j the first that the page speaks', (languages, language) => {
  browserSpeaks(...languages);
  expect(readLanguage()).toBe(language);
});

it.each([
  ['"en"', 'en'],
  ['"tlh"', 'de'],
  ['{', 'de'],
])('goes by the choice %s if it is one', (kept, language) => {
  browserSpeaks('de');
  localStorage.setItem('deepsky-language', kept);
  expect(readLanguage()).toBe(language);
});
