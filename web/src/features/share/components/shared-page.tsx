import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';

import { AnswerSheetPlaceholder } from '@/components/answer/answer-sheet-placeholder';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { useMessages } from '@/lib/messages';
import { sharedId, sharedQuery } from '@/lib/shared-answer';

// Loaded while the answer is; see `preloadPages`.
const SharedAnswer = lazy(async () => ({
  default: (await import('@/features/share/components/shared-answer')).SharedAnswer,
}));

/** The page that shows a shared answer to everybody who has its link. */
export const SharedPage = ({ token }: { token: string }) => {
  const text = useMessages().share;
  const { data: answer, error, refetch } = useQuery(sharedQuery(token));
  const isGone = error?.code === 'not_found';
  const id = token && sharedId(token);
  return (
    <Page title={isGone ? text.gone : text.page} lead={isGone ? text.goneLead : text.pageLead}>
      {error && !isGone && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {(answer ?? !error) && (
        <Suspense fallback={<AnswerSheetPlaceholder id={id} />}>
          <SharedAnswer id={id} answer={answer} />
        </Suspense>
      )}
    </Page>
  );
};
