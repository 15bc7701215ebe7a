import type { ReactNode } from 'react';

import type { Classification } from '@/lib/api-client';

/**
 * Renders the feedback panel. The function is passed as a prop, so that features do not import each
 * other.
 */
export type RenderFeedback = (answer: Classification) => ReactNode;
