import { lazy } from 'react';

import { ClassifyPage } from '@/features/classify/components/classify-page';

const FeedbackPanel = lazy(async () => ({
  default: (await import('@/features/feedback/components/feedback-panel')).FeedbackPanel,
}));

export const Component = () => (
  <ClassifyPage feedback={(answer) => <FeedbackPanel key={answer.id} answer={answer} />} />
);
