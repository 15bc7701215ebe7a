import type { ReactNode } from 'react';

import { AnswerBody, AnswerHead } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import { AnswerSheetPlaceholder } from '@/components/answer/answer-sheet-placeholder';
import { DeleteItem } from '@/features/history/components/delete-item';
import type { Classification } from '@/lib/api-client';

interface Props {
  id: string;
  answer: Classification | undefined;
  feedback: ReactNode;
  onDeleted: () => void;
}

/** Shows a classification from the history, or its placeholder until it is loaded. */
export const SavedAnswer = ({ id, answer, feedback, onDeleted }: Props) =>
  answer ? (
    <AnswerSheet
      name={answer.path}
      answer={answer}
      head={<AnswerHead answer={answer} feedback={feedback} />}
      menuItems={<DeleteItem id={id} onDeleted={onDeleted} />}
    >
      <AnswerBody answer={answer} />
    </AnswerSheet>
  ) : (
    <AnswerSheetPlaceholder id={id} />
  );
