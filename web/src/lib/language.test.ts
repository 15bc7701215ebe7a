import { afterEach, expect, it, vi } from 'vitest';

import {
  changeLanguage,
  currentLanguage,
  loadTexts,
  onLanguageChange,
  readLanguage,
} from '@/lib/language';

const setBrowserLanguages = (...languages: string[]) => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
};

/** Returns a promise and the function that resolves it. */
const deferred = () => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};

afterEach(async () => {
  vi.restoreAllMocks();
  await changeLanguage('en');
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

it('changes the language only if its texts can be loaded', async () => {
  const load = vi.fn((language: string) =>
    language === 'de' ? Promise.reject(new Error('offline')) : Promise.resolve(),
  );
  const listener = vi.fn();
  onLanguageChange(listener);
  await loadTexts(load);
  await expect(changeLanguage('de')).rejects.toThrow('offline');
  expect(currentLanguage()).toBe('en');
  expect(listener).not.toHaveBeenCalled();
  load.mockResolvedValue(undefined);
  await changeLanguage('de');
  expect(currentLanguage()).toBe('de');
  expect(listener).toHaveBeenCalledOnce();
});

it('uses the language chosen last', async () => {
  const { promise, resolve } = deferred();
  await loadTexts((language) => (language === 'de' ? promise : Promise.resolve()));
  const first = changeLanguage('de');
  await changeLanguage('en');
  resolve();
  await first;
  expect(currentLanguage()).toBe('en');
});

it('loads texts in the language that is being loaded', async () => {
  const { promise, resolve } = deferred();
  await loadTexts((language) => (language === 'de' ? promise : Promise.resolve()));
  const change = changeLanguage('de');
  const load = vi.fn(() => Promise.resolve());
  await loadTexts(load);
  expect(load.mock.calls).toEqual([['en'], ['de']]);
  resolve();
  await change;
});
