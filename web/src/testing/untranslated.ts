/**
 * Returns the messages with words that are identical in two catalogues, except those listed in
 * `shared`.
 */
export const untranslated = (english: object, other: object, shared: string[] = []): string[] =>
  Object.entries(english).flatMap(([key, text]: [string, unknown]) => {
    const translated = (other as Record<string, unknown>)[key];
    if (typeof text === 'string') {
      const hasWords = /\p{L}/u.test(text.replaceAll(/\{\w+\}/g, ''));
      return hasWords && text === translated && !shared.includes(text) ? [`${key}: ${text}`] : [];
    }
    if (typeof text !== 'object' || text === null) return [];
    return untranslated(text, translated as object, shared);
  });
