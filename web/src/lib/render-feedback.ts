import type { ReactNode } from 'react';

import type { Classification } from '@/lib/api-client';

/** Renders the feedback panel; passed as a prop, so that features need not import each other. */
export type RenderFeedback = (answer: Classification) => ReactNode;
