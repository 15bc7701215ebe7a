import type { en } from '@/features/learn/texts/en';
import { loadCatalogue, type Texts } from '@/lib/catalogue';

/** The texts of the “Learn” pages in one language. */
export type LearnTexts = Texts<typeof en>;

/** Return the texts in the current language; components call `useTexts`. */
export const { use: useTexts, current: currentTexts } = await loadCatalogue<LearnTexts>({
  en: () => import('virtual:learn/en'),
  de: () => import('virtual:learn/de'),
});
