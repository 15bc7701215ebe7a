import { afterEach, expect, it, vi } from 'vitest';

import { readLanguage } from '@/lib/language';

const setBrowserLanguages = (...languages: string[]) => {
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
])('selects the first supported language of %j', (languages, language) => {
  setBrowserLanguages(...languages);
  expect(readLanguage()).toBe(language);
});

it.each([
  ['"en"', 'en'],
  ['"tlh"', 'de'],
  ['{', 'de'],
])('uses the stored choice %s if it is valid', (stored, language) => {
  setBrowserLanguages('de');
  localStorage.setItem('deepsky-language', stored);
  expect(readLanguage()).toBe(language);
});
