import { readLocalStorageValue } from '@mantine/hooks';
import { useSyncExternalStore } from 'react';

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

type Load = (language: Language) => Promise<void>;

let current = readLanguage();
let chosen = current; // differs from `current` while texts are loaded
const loads: Load[] = [];
const listeners = new Set<() => void>();

/** Returns the current language. Components call `useLanguage` instead. */
export const currentLanguage = (): Language => current;

/** Calls a function after each change of the language, until the returned function is called. */
export const onLanguageChange = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Returns the current language, and renders the component again when it changes. */
export const useLanguage = (): Language =>
  useSyncExternalStore(onLanguageChange, currentLanguage, currentLanguage);

/** Calls a function that loads texts now, and again for each language before it becomes current. */
export const loadTexts = async (load: Load): Promise<void> => {
  loads.push(load);
  await Promise.all([...new Set([current, chosen])].map((language) => load(language)));
};

/** Changes and stores the language as soon as all texts that are in use are loaded. */
export const changeLanguage = async (language: Language): Promise<void> => {
  chosen = language;
  try {
    await Promise.all(loads.map((load) => load(language)));
  } catch (error) {
    chosen = current;
    throw error;
  }
  if (chosen !== language) return; // another language has been chosen meanwhile
  current = language;
  document.documentElement.lang = language;
  listeners.forEach((listener) => {
    listener();
  });
  try {
    localStorage.setItem(KEY, JSON.stringify(language));
  } catch {
    // without storage, the choice ends with the page
  }
};
