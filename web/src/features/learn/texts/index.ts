import type { LearnTexts } from '@/features/learn/texts/en';
import { language } from '@/lib/language';

const catalogues = {
  en: async () => (await import('@/features/learn/texts/en')).en,
  de: async () => (await import('@/features/learn/texts/de')).de,
};

/** The text of the “Learn” pages in the current language. */
export const texts: LearnTexts = await catalogues[language]();
