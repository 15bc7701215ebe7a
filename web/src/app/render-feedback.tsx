import { lazy } from 'react';

import type { RenderFeedback } from '@/lib/render-feedback';

const FeedbackPanel = lazy(async () => ({
  default: (await import('@/features/feedback/components/feedback-panel')).FeedbackPanel,
}));

export const renderFeedback: RenderFeedback = (answer) => (
  <FeedbackPanel key={answer.id} answer={answer} />
);
