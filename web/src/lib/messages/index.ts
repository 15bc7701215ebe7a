import { loadCatalogue, type Texts } from '@/lib/catalogue';
import type { en } from '@/lib/messages/en';

/** The messages of the user interface in one language. */
export type Messages = Texts<typeof en>;

/** Return the messages in the current language; components call `useMessages`. */
export const { use: useMessages, current: currentMessages } = await loadCatalogue<Messages>({
  en: () => import('virtual:messages/en'),
  de: () => import('virtual:messages/de'),
});
