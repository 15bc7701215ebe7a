import { Anchor } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';

import { AnswerSheetPlaceholder } from '@/components/answer/answer-sheet-placeholder';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import type { ListState } from '@/features/history/list-state';
import { formatDate } from '@/lib/format';
import { useMessages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';
import type { RenderFeedback } from '@/lib/render-feedback';
import { useAnswer } from '@/lib/use-answer';

// Loaded while the answer is; see `preloadPages`.
const SavedAnswer = lazy(async () => ({
  default: (await import('@/features/history/components/saved-answer')).SavedAnswer,
}));

interface Props {
  id: string;
  feedback: RenderFeedback;
}

/** The page that shows one classification from the history. */
export const AnswerPage = ({ id, feedback }: Props) => {
  const text = useMessages().history;
  const { data: answer, error, refetch } = useAnswer(id);
  const { data: models } = useModels();
  const navigate = useNavigate();
  const isGone = error?.code === 'not_found';
  const { list } = (useLocation().state ?? {}) as { list?: ListState };
  const to = { pathname: '/history', search: list?.search ?? '' };
  const backState = { scrollKey: list?.scrollKey };
  const by =
    answer &&
    text.by({ model: titleOf(models, answer.model), date: formatDate(answer.created_at) });

  return (
    <Page
      title={isGone ? text.gone : (answer?.path ?? text.one)}
      lead={isGone ? text.goneLead : (by ?? '')}
    >
      <Anchor component={Link} to={to} state={backState} w="fit-content">
        {text.back}
      </Anchor>
      {error && !isGone && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {(answer ?? !error) && (
        <Suspense fallback={<AnswerSheetPlaceholder id={id} />}>
          <SavedAnswer
            id={id}
            answer={answer}
            feedback={answer && feedback(answer)}
            onDeleted={() => {
              void navigate(to, { state: backState });
            }}
          />
        </Suspense>
      )}
    </Page>
  );
};
