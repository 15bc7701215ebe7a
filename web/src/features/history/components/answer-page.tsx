import { Anchor, Skeleton } from '@mantine/core';
import { Link, useLocation, useNavigate } from 'react-router';

import { Answer } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { useAnswer } from '@/features/history/api/answer';
import { DeleteButton } from '@/features/history/components/delete-button';
import type { FeedbackOn } from '@/lib/feedback-slot';
import { formatDate } from '@/lib/format';
import { messages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';

interface Props {
  id: string;
  feedback: FeedbackOn;
}

const text = messages.history;

/** One answer, at an address of its own. */
export const AnswerPage = ({ id, feedback }: Props) => {
  const { data: answer, error, refetch } = useAnswer(id);
  const { data: models } = useModels();
  const navigate = useNavigate();
  const { state } = useLocation() as { state: { search?: string } | null };
  const list = { pathname: '/history', search: state?.search ?? '' };
  const by = answer && text.by(titleOf(models, answer.model), formatDate(answer.created_at));

  return (
    <Page title={answer?.path ?? text.one} lead={by ?? ''}>
      <Anchor component={Link} to={list} w="fit-content">
        {text.back}
      </Anchor>
      {error && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {!answer && !error && <Skeleton height="37rem" radius="lg" aria-busy />}
      {answer && (
        <AnswerSheet name={answer.path} answer={answer}>
          <Answer
            answer={answer}
            action={
              <DeleteButton
                id={id}
                onDeleted={() => {
                  void navigate(list);
                }}
              />
            }
            feedback={feedback(answer)}
          />
        </AnswerSheet>
      )}
    </Page>
  );
};
