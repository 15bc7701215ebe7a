import type { LearnTexts } from '@/features/learn/texts/en';
import { language } from '@/lib/language';

const languages = {
  en: async () => (await import('@/features/learn/texts/en')).en,
  de: async () => (await import('@/features/learn/texts/de')).de,
};

/** The texts of the pages to learn from, in the language in use. */
export const texts: LearnTexts = await languages[language]();
