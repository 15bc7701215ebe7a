import { Button, Group, Stack, Text } from '@mantine/core';
import type { SyntheticEvent } from 'react';

import { KeyHint } from '@/components/ui/key-hint';
import { LabelButtons, labelKeys } from '@/components/ui/label-buttons';
import { CommentField } from '@/features/feedback/components/comment-field';
import classes from '@/features/feedback/components/feedback-panel.module.css';
import type { Classification, Feedback, FeedbackForm, Label } from '@/lib/api-client';
import { labelName, labelsOf } from '@/lib/labels';
import { messages } from '@/lib/messages';
import { useKeys } from '@/lib/use-keys';
import { feedbackFor, useSaveFeedback } from '@/lib/use-save-feedback';
import { useShortcutAttributes, useShortcuts } from '@/lib/use-shortcuts';

const text = messages.feedback;

/** Collects feedback: whether a classification is correct and, if not, the correct label. */
export const FeedbackPanel = ({ answer }: { answer: Classification }) => {
  const { mutate, isPending, error, variables } = useSaveFeedback();
  const [areShortcutsOn] = useShortcuts();
  const { feedback } = answer;

  const save = (form: FeedbackForm | null) => {
    if (!isPending) mutate({ answer, feedback: form });
  };
  const saveLabel = (label: Label) => {
    save(feedbackFor(answer, label));
  };
  const saveCorrect = () => {
    save({ verdict: 'correct' });
  };
  const saveIncorrect = () => {
    save({ verdict: 'incorrect' });
  };
  const undo = () => {
    save(null);
  };
  const saveComment = (comment: string | null) => {
    if (feedback !== null) save({ verdict: feedback.verdict, label: feedback.label, comment });
  };
  useKeys({
    ...labelKeys(labelsOf(answer), saveLabel),
    ...(feedback === null ? { y: saveCorrect, n: saveIncorrect } : { u: undo }),
  });

  return (
    <section tabIndex={-1} aria-label={text.title} className={classes.panel} onSubmit={keepFocus}>
      <Stack gap="sm" aria-busy={isPending}>
        {/* The clicks are those of the buttons inside, which also work with the keyboard. */}
        {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
        <div className={classes.question} onClick={keepFocus}>
          <Text role="status" fw={600}>
            {isPending ? text.saving : statusText(feedback)}
          </Text>
          {feedback === null ? (
            <YesNoButtons onYes={saveCorrect} onNo={saveIncorrect} />
          ) : (
            <UndoButton onUndo={undo} />
          )}
        </div>
        {feedback === null && areShortcutsOn && (
          <Text size="sm" c="dimmed" className={classes.keys}>
            {text.keys}
          </Text>
        )}
        {feedback?.verdict === 'incorrect' && (
          <LabelButtons
            title={text.which}
            labels={labelsOf(answer)}
            chosen={feedback.label}
            disabledLabel={answer.label}
            onChoose={saveLabel}
          />
        )}
        {/* The field is only hidden, so that undoing feedback does not discard a draft. */}
        <div hidden={feedback === null}>
          <CommentField
            comment={feedback?.comment ?? null}
            isSaving={isPending}
            onSave={saveComment}
          />
        </div>
        {error && (
          <Group gap="sm" role="alert" onClick={keepFocus}>
            <Text size="sm" flex="1 1 14rem">
              {text.failed(error.message)}
            </Text>
            <Button
              size="compact-md"
              onClick={() => {
                save(variables.feedback);
              }}
            >
              {messages.retry}
            </Button>
          </Group>
        )}
        {feedback !== null && (
          <Text size="xs" c="dimmed">
            {text.purpose}
          </Text>
        )}
      </Stack>
    </section>
  );
};

/** Moves the focus to the panel, because the clicked button may be removed. */
const keepFocus = ({ currentTarget }: SyntheticEvent) => {
  currentTarget.closest<HTMLElement>('section')?.focus();
};

const YesNoButtons = ({ onYes, onNo }: { onYes: () => void; onNo: () => void }) => {
  const shortcutAttributes = useShortcutAttributes();
  return (
    <Group gap="xs">
      <Button variant="default" {...shortcutAttributes('y')} onClick={onYes}>
        {text.correct}
        <KeyHint>Y</KeyHint>
      </Button>
      <Button variant="default" {...shortcutAttributes('n')} onClick={onNo}>
        {text.incorrect}
        <KeyHint>N</KeyHint>
      </Button>
    </Group>
  );
};

const UndoButton = ({ onUndo }: { onUndo: () => void }) => {
  const shortcutAttributes = useShortcutAttributes();
  return (
    <Button variant="default" size="compact-md" {...shortcutAttributes('u')} onClick={onUndo}>
      {text.undo}
      <KeyHint>U</KeyHint>
    </Button>
  );
};

const statusText = (feedback: Feedback | null): string => {
  if (feedback === null) return text.question;
  if (feedback.verdict === 'correct') return text.savedCorrect;
  return feedback.label === null
    ? `${text.savedIncorrect} ${text.which}`
    : text.savedLabel(labelName(feedback.label));
};
