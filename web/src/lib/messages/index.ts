import { language } from '@/lib/language';
import type { Messages } from '@/lib/messages/en';

/** Each language is a file of its own, and only the one in use is fetched. */
const catalogues = {
  en: async () => (await import('@/lib/messages/en')).en,
  de: async () => (await import('@/lib/messages/de')).de,
};

/** The texts of the page, in the language in use. */
export const messages: Messages = await catalogues[language]();
