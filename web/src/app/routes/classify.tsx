import { lazy, Suspense } from 'react';
import { useLocation, useMatch } from 'react-router';

import { Loading } from '@/app/loading';
import { ClassifyPage } from '@/features/classify/components/classify-page';
import { useIsQueued } from '@/features/classify/use-answer-address';
import type { RenderFeedback } from '@/lib/render-feedback';

const FeedbackPanel = lazy(async () => ({
  default: (await import('@/features/feedback/components/feedback-panel')).FeedbackPanel,
}));
const AnswerPage = lazy(async () => ({
  default: (await import('@/features/history/components/answer-page')).AnswerPage,
}));

/**
 * The home page, and the page of an answer. The answer of an image on the home page is shown there,
 * unless it was opened from the history.
 */
export const Component = () => {
  const id = useMatch('/answers/:id')?.params.id;
  const { list } = (useLocation().state ?? {}) as { list?: unknown };
  const isQueued = useIsQueued(id);
  if (id === undefined || (isQueued && !list)) return <ClassifyPage feedback={renderFeedback} />;
  return (
    <Suspense fallback={<Loading />}>
      <AnswerPage key={id} id={id} feedback={renderFeedback} />
    </Suspense>
  );
};

const renderFeedback: RenderFeedback = (answer) => (
  <FeedbackPanel key={answer.id} answer={answer} />
);
