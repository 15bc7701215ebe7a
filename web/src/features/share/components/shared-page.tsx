import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { AnswerBody, AnswerHead } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { headline } from '@/lib/answer-text';
import { useMessages } from '@/lib/messages';
import { sharedQuery } from '@/lib/shared-answer';

/** The page that shows a shared answer to everybody who has its link. */
export const SharedPage = ({ token }: { token: string }) => {
  const text = useMessages().share;
  const { data: answer, error, refetch } = useQuery(sharedQuery(token));
  const isGone = error?.code === 'not_found';
  return (
    <Page title={isGone ? text.gone : text.page} lead={isGone ? text.goneLead : text.pageLead}>
      {error && !isGone && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {!answer && !error && <Skeleton height="37rem" radius="lg" aria-busy />}
      {answer && (
        <AnswerSheet
          name={headline(answer).text}
          answer={answer}
          head={<AnswerHead answer={answer} feedback={null} />}
        >
          <AnswerBody answer={answer} />
        </AnswerSheet>
      )}
    </Page>
  );
};
