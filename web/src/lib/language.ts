import { readLocalStorageValue } from '@mantine/hooks';

/** The languages that the page speaks, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof LANGUAGES;

const KEY = 'deepsky-language';

const isLanguage = (code: unknown): code is Language =>
  typeof code === 'string' && code in LANGUAGES;

/** The language that the user chose, or else the first of the browser's that the page speaks. */
export const readLanguage = (): Language => {
  const chosen = readLocalStorageValue({ key: KEY });
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((code) => code.slice(0, 2)).find(isLanguage) ?? 'en';
};

/** Keeps the choice and loads the page again: its texts are read once, when it starts. */
export const chooseLanguage = (chosen: Language): void => {
  localStorage.setItem(KEY, JSON.stringify(chosen));
  window.location.reload();
};

/** The language in use. */
export const language = readLanguage();
