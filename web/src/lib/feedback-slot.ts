import type { ReactNode } from 'react';

import type { Classification } from '@/lib/api-client';

/** Gives the place where people say what they think of an answer. */
export type FeedbackOn = (answer: Classification) => ReactNode;
