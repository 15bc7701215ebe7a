import { AnswerBody, AnswerHead } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import { AnswerSheetPlaceholder } from '@/components/answer/answer-sheet-placeholder';
import { headline } from '@/lib/answer-text';
import type { Classification } from '@/lib/api-client';

interface Props {
  id: string;
  answer: Classification | undefined;
}

/** Shows a shared answer, or its placeholder until it is loaded. */
export const SharedAnswer = ({ id, answer }: Props) =>
  answer ? (
    <AnswerSheet
      name={headline(answer).text}
      answer={answer}
      head={<AnswerHead answer={answer} feedback={null} />}
    >
      <AnswerBody answer={answer} />
    </AnswerSheet>
  ) : (
    <AnswerSheetPlaceholder id={id} />
  );
