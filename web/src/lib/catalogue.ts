import { setupI18n } from '@lingui/core';
import type { CompiledMessage } from '@lingui/message-utils/compileMessage';
import type { GetICUArgs } from '@schummar/icu-type-parser';
import { useSyncExternalStore } from 'react';

import { currentLanguage, type Language, loadTexts, onLanguageChange } from '@/lib/language';

/** A catalogue, or a part of it: ICU messages by their names. */
export type Source = string | undefined | readonly Source[] | { readonly [name: string]: Source };

/** The values that an ICU message needs. */
type Values<Message extends string> = GetICUArgs<
  Message,
  { ICUArgument: string | number; ICUNumberArgument: number }
>;

/** The texts of a catalogue: a string, or a function of the values if the message needs any. */
export type Texts<Source> = Source extends string
  ? keyof Values<Source> extends never
    ? string
    : (values: Values<Source>) => string
  : { readonly [Key in keyof Source]: Texts<Source[Key]> };

/** A catalogue with the same messages in another language. */
export type Translation<Source> = Source extends string
  ? string
  : { readonly [Key in keyof Source]: Translation<Source[Key]> };

type Format = (values: Record<string, string | number>) => string;

/** Creates the texts of a compiled catalogue; see plugins/catalogues.ts. */
export type CreateTexts<T> = (message: (id: string, compiled: CompiledMessage) => Format) => T;

/**
 * Loads a catalogue in the current language, and in other languages when they are chosen.
 *
 * Returns two functions that return the texts in the current language: `use` for components, which
 * renders them again when the language changes, and `current` for other functions.
 */
export const loadCatalogue = async <T>(
  modules: Record<Language, () => Promise<{ default: CreateTexts<T> }>>,
) => {
  const loaded = new Map<Language, T>();
  await loadTexts(async (language) => {
    if (loaded.has(language)) return;
    const { default: createTexts } = await modules[language]();
    const i18n = setupI18n({ locale: language, messages: { [language]: {} } });
    const texts = createTexts((id, compiled) => {
      i18n.load(language, { [id]: compiled });
      return (values) => i18n._(id, values);
    });
    loaded.set(language, texts);
  });
  const current = () => loaded.get(currentLanguage()) as T;
  return { current, use: () => useSyncExternalStore(onLanguageChange, current, current) };
};
