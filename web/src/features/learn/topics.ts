import { currentTexts } from '@/features/learn/texts';

/** The topics of the “Learn” pages, in reading order. */
export const TOPICS = ['objects', 'kinds', 'networks', 'figures', 'data'] as const;

export type Topic = (typeof TOPICS)[number];

export const pathOf = (topic: Topic): string => `/learn/${topic}`;

export const aboutOf = (topic: Topic): { title: string; lead: string } => currentTexts()[topic];
