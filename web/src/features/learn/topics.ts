import { texts } from '@/features/learn/texts';

/** The pages to learn from, in the order to read them in. */
export const TOPICS = ['objects', 'networks', 'figures', 'data'] as const;

export type Topic = (typeof TOPICS)[number];

export const addressOf = (topic: Topic): string => `/learn/${topic}`;

export const aboutOf = (topic: Topic): { title: string; lead: string } => texts[topic];
