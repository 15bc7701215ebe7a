import { Button, Group, Stack, Text } from '@mantine/core';
import type { SyntheticEvent } from 'react';

import { JudgementButtons } from '@/components/ui/judgement-buttons';
import { KeyHint } from '@/components/ui/key-hint';
import { useJudgement } from '@/components/ui/use-judgement';
import { CommentField } from '@/features/feedback/components/comment-field';
import classes from '@/features/feedback/components/feedback-panel.module.css';
import type { Classification, Feedback, FeedbackForm } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { labelName, labelsOf } from '@/lib/labels';
import { currentMessages, useMessages } from '@/lib/messages';
import { useKeys } from '@/lib/use-keys';
import { chosenLabels, feedbackFor, useSaveFeedback } from '@/lib/use-save-feedback';
import { useShortcutAttributes, useShortcuts } from '@/lib/use-shortcuts';

/** Collects feedback: whether a classification is correct and, if not, what the image shows. */
export const FeedbackPanel = ({ answer }: { answer: Classification }) => {
  const messages = useMessages();
  const text = messages.feedback;
  const { mutate, isPending, error, variables } = useSaveFeedback();
  const [areShortcutsOn] = useShortcuts();
  const { feedback } = answer;

  const save = (form: FeedbackForm | null) => {
    if (!isPending) mutate({ answer, feedback: form });
  };
  const judgement = useJudgement(labelsOf(answer), (chosen) => {
    save(feedbackFor(answer, chosen));
  });
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
    if (feedback === null) return;
    const { verdict, label, second_label, blind } = feedback;
    save({ verdict, label, second_label, blind, comment });
  };
  useKeys({
    ...judgement.keys,
    ...(feedback === null ? { y: saveCorrect, n: saveIncorrect } : { u: undo }),
  });

  return (
    <section tabIndex={-1} aria-label={text.title} className={classes.panel} onSubmit={keepFocus}>
      <Stack gap="sm" aria-busy={isPending}>
        {/* The clicks are those of the buttons inside, which also work with the keyboard. */}
        {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
        <div className={classes.question} onClick={keepFocus}>
          <Text role="status" fw={600}>
            {isPending ? text.saving : statusText(answer, feedback)}
          </Text>
          {feedback === null ? (
            <YesNoButtons
              onYes={saveCorrect}
              onNo={saveIncorrect}
              onUnknown={judgement.chooseUnknown}
            />
          ) : (
            <UndoButton onUndo={undo} />
          )}
        </div>
        {feedback === null && areShortcutsOn && (
          <Text size="sm" c="dimmed" className={classes.keys}>
            {text.keys}
          </Text>
        )}
        {(feedback?.verdict === 'incorrect' || judgement.isTwo) && (
          <JudgementButtons
            title={text.which}
            labels={labelsOf(answer)}
            chosen={chosenLabels(answer)}
            disabledLabel={answer.label}
            judgement={judgement}
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
              {text.failed({ reason: error.message })}
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

interface YesNoProps {
  onYes: () => void;
  onNo: () => void;
  onUnknown: () => void;
}

const YesNoButtons = ({ onYes, onNo, onUnknown }: YesNoProps) => {
  const messages = useMessages();
  const text = messages.feedback;
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
      <Button variant="default" px="sm" {...shortcutAttributes('0')} onClick={onUnknown}>
        {messages.judgement.unknown}
        <KeyHint>0</KeyHint>
      </Button>
    </Group>
  );
};

const UndoButton = ({ onUndo }: { onUndo: () => void }) => {
  const text = useMessages().feedback;
  const shortcutAttributes = useShortcutAttributes();
  return (
    <Button variant="default" size="compact-md" {...shortcutAttributes('u')} onClick={onUndo}>
      {text.undo}
      <KeyHint>U</KeyHint>
    </Button>
  );
};

const statusText = (answer: Classification, feedback: Feedback | null): string => {
  const text = currentMessages().feedback;
  if (feedback === null) return text.question;
  if (feedback.verdict === 'unsure') return text.savedUnknown;
  const chosen = chosenLabels(answer);
  if (chosen === undefined) return `${text.savedIncorrect} ${text.which}`;
  if (feedback.verdict === 'correct' && chosen.length === 1) return text.savedCorrect;
  return text.savedLabel({ label: formatList(chosen.map((one) => labelName(one))) });
};
