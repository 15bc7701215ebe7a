import { Anchor, Skeleton } from '@mantine/core';
import { Link, useLocation, useNavigate } from 'react-router';

import { Answer } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { useAnswer } from '@/features/history/api/answer';
import type { List } from '@/features/history/components/answer-grid';
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
  const { list } = (useLocation().state ?? {}) as { list?: List };
  const to = { pathname: '/history', search: list?.search ?? '' };
  const back = { place: list?.place };
  const by = answer && text.by(titleOf(models, answer.model), formatDate(answer.created_at));

  return (
    <Page title={answer?.path ?? text.one} lead={by ?? ''}>
      <Anchor component={Link} to={to} state={back} w="fit-content">
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
                  void navigate(to, { state: back });
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
