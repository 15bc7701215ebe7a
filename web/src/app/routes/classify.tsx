import { Outlet, useLocation, useMatch } from 'react-router';

import { renderFeedback } from '@/app/render-feedback';
import { ClassifyPage } from '@/features/classify/components/classify-page';
import { useIsQueued } from '@/features/classify/use-answer-address';

/**
 * The home page, and the page of an answer. The answer of an image on the home page is shown there,
 * unless it was opened from the history.
 */
export const Component = () => {
  const id = useMatch('/answers/:id')?.params.id;
  const { list } = (useLocation().state ?? {}) as { list?: unknown };
  const isQueued = useIsQueued(id);
  if (id === undefined || (isQueued && !list)) return <ClassifyPage feedback={renderFeedback} />;
  return <Outlet />;
};
