import type { ReactNode } from 'react';

import { AnswerBody, AnswerHead } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import { AnswerSheetPlaceholder } from '@/components/answer/answer-sheet-placeholder';
import type { Classification } from '@/lib/api-client';
import { deletions } from '@/lib/deletions';
import { useMessages } from '@/lib/messages';

interface Props {
  id: string;
  answer: Classification | undefined;
  feedback: ReactNode;
  /** Called when the answer is hidden. Until it is deleted, the deletion can be undone. */
  onDeleted: () => void;
}

/** Shows a classification from the history, or its placeholder until it is loaded. */
export const SavedAnswer = ({ id, answer, feedback, onDeleted }: Props) => {
  const messages = useMessages();
  if (answer === undefined) return <AnswerSheetPlaceholder id={id} />;
  const remove = () => {
    deletions.begin([id]);
    onDeleted();
  };
  return (
    <AnswerSheet
      name={answer.path}
      answer={answer}
      head={<AnswerHead answer={answer} feedback={feedback} />}
      menuActions={[{ name: messages.history.delete, onSelect: remove }]}
    >
      <AnswerBody answer={answer} />
    </AnswerSheet>
  );
};
