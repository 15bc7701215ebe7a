import { currentLanguage } from '@/lib/language';
import { currentMessages } from '@/lib/messages';
import type { Sample } from '@/lib/samples';

/** Returns the title of a sample in the current language. */
export const sampleTitle = ({ title }: Sample): string => title[currentLanguage()];

/** Returns the credit for a sample, whose title would tell in advance what it shows. */
export const sampleCredit = ({ credit, licence }: Sample, title: string): string =>
  currentMessages().samples.credit({ title, credit, licence });
