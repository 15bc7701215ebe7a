import type { ReactNode } from 'react';

import type { Classification } from '@/lib/api-client';

/** Renders the feedback panel of an answer, so that other features need not import it. */
export type RenderFeedback = (answer: Classification) => ReactNode;
