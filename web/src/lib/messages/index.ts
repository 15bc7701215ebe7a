import { language } from '@/lib/language';
import type { Messages } from '@/lib/messages/en';

/** Only the catalogue of the current language is loaded. */
const catalogues = {
  en: async () => (await import('@/lib/messages/en')).en,
  de: async () => (await import('@/lib/messages/de')).de,
};

/** The user-interface messages in the current language. */
export const messages: Messages = await catalogues[language]();
