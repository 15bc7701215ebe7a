import { readLocalStorageValue } from '@mantine/hooks';

/** The languages of the web interface, with their native names. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof LANGUAGES;

const KEY = 'deepsky-language';

const isLanguage = (code: unknown): code is Language =>
  typeof code === 'string' && code in LANGUAGES;

/**
 * Returns the chosen language. The default is the first supported language in the browser settings.
 */
export const readLanguage = (): Language => {
  const chosen = readLocalStorageValue({ key: KEY });
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((code) => code.slice(0, 2)).find(isLanguage) ?? 'en';
};

/** Stores the chosen language and reloads the page, because messages are loaded only at startup. */
export const chooseLanguage = (chosen: Language): void => {
  localStorage.setItem(KEY, JSON.stringify(chosen));
  window.location.reload();
};

/** The current language. */
export const language = readLanguage();
