import { type CompiledMessage, compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

import { de as learnDe } from '../src/features/learn/texts/de.ts';
import { en as learnEn } from '../src/features/learn/texts/en.ts';
import { de } from '../src/lib/messages/de.ts';
import { en } from '../src/lib/messages/en.ts';

const PREFIX = '\0virtual:';

/** The catalogues, which can be imported from `virtual:messages/en` and so on. */
const CATALOGUES = {
  'messages/en': en,
  'messages/de': de,
  'learn/en': learnEn,
  'learn/de': learnDe,
};

type Name = keyof typeof CATALOGUES;

const isCatalogue = (name: string): name is Name => name in CATALOGUES;

/** The id of the module of a compiled catalogue. */
export const catalogueId = (name: Name): string => PREFIX + name;

/**
 * Compiles the catalogues, so that the page needs no parser for ICU messages. The module of a
 * catalogue exports a function that creates its texts; see `CreateTexts` in src/lib/catalogue.ts.
 */
export const catalogues = (): Plugin => ({
  name: 'catalogues',
  resolveId: (id) => {
    const name = id.replace('virtual:', '');
    return id.startsWith('virtual:') && isCatalogue(name) ? catalogueId(name) : undefined;
  },
  load: (id) => {
    const name = id.replace(PREFIX, '');
    return id.startsWith(PREFIX) && isCatalogue(name)
      ? `export default (message) => (${textsOf(CATALOGUES[name])});`
      : undefined;
  },
});

/** Returns the code of an expression for a catalogue or a part of it. */
const textsOf = (part: unknown, ...path: string[]): string => {
  if (typeof part === 'string') return textOf(path.join('.'), compileMessageOrThrow(part));
  if (Array.isArray(part)) return `[${part.map((one, i) => textsOf(one, ...path, `${i}`)).join()}]`;
  return `{${Object.entries(part as object)
    .map(([key, one]) => `${JSON.stringify(key)}:${textsOf(one, ...path, key)}`)
    .join()}}`;
};

const textOf = (id: string, message: CompiledMessage): string =>
  message.every((token) => typeof token === 'string')
    ? JSON.stringify(message.join(''))
    : `message(${JSON.stringify(id)},${JSON.stringify(message)})`;
