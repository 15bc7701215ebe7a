import { Button, Group, Stack, Text } from '@mantine/core';
import type { SyntheticEvent } from 'react';

import { KeyHint } from '@/components/ui/key-hint';
import { LabelButtons, labelKeys } from '@/components/ui/label-buttons';
import { CommentField } from '@/features/feedback/components/comment-field';
import classes from '@/features/feedback/components/feedback-panel.module.css';
import type { Classification, Feedback, Label } from '@/lib/api-client';
import { messages } from '@/lib/messages';
import { useKeys } from '@/lib/use-keys';
import { useSay, type Words, wordsFor } from '@/lib/use-say';
import { useShortcutOf, useShortcuts } from '@/lib/use-shortcuts';

const text = messages.feedback;

/** Asks whether an answer is right and, if not, what is: each in one click or with one key. */
export const FeedbackPanel = ({ answer }: { answer: Classification }) => {
  const { mutate, isPending, error, variables } = useSay();
  const [areKeysOn] = useShortcuts();
  const said = answer.feedback;

  const say = (words: Words) => {
    if (!isPending) mutate({ answer, words });
  };
  const sayLabel = (label: Label) => {
    say(wordsFor(answer, label));
  };
  const right = () => {
    say({ verdict: 'correct' });
  };
  const wrong = () => {
    say({ verdict: 'incorrect' });
  };
  const undo = () => {
    say(null);
  };
  const note = (comment: string | null) => {
    if (said !== null) say({ verdict: said.verdict, label: said.label, comment });
  };
  useKeys({ ...labelKeys(sayLabel), ...(said === null ? { y: right, n: wrong } : { u: undo }) });

  return (
    <section tabIndex={-1} aria-label={text.title} className={classes.panel} onSubmit={keepFocus}>
      <Stack gap="sm" aria-busy={isPending}>
        <div className={classes.said} onClick={keepFocus}>
          <Text role="status" fw={600}>
            {isPending ? text.saving : sentence(said)}
          </Text>
          {said === null ? (
            <RightOrWrong onRight={right} onWrong={wrong} />
          ) : (
            <Undo onUndo={undo} />
          )}
        </div>
        {said === null && areKeysOn && (
          <Text size="sm" c="dimmed" className={classes.keys}>
            {text.keys}
          </Text>
        )}
        {said?.verdict === 'incorrect' && (
          <LabelButtons
            title={text.which}
            chosen={said.label}
            without={answer.label}
            onChoose={sayLabel}
          />
        )}
        {/* Only unseen until something is said, so that what is being written outlives an Undo. */}
        <div hidden={said === null}>
          <CommentField
            comment={said?.comment ?? null}
            isSaving={isPending}
            onSave={note}
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
                say(variables.words);
              }}
            >
              {messages.retry}
            </Button>
          </Group>
        )}
        <Text size="xs" c="dimmed">
          {text.use}
        </Text>
      </Stack>
    </section>
  );
};

/** What was pressed may be gone with the press, and the focus must not be gone with it. */
const keepFocus = ({ currentTarget }: SyntheticEvent) => {
  currentTarget.closest<HTMLElement>('section')?.focus();
};

const RightOrWrong = ({ onRight, onWrong }: { onRight: () => void; onWrong: () => void }) => {
  const shortcutOf = useShortcutOf();
  return (
    <Group gap="xs">
      <Button variant="default" {...shortcutOf('y')} onClick={onRight}>
        {text.right}
        <KeyHint>Y</KeyHint>
      </Button>
      <Button variant="default" {...shortcutOf('n')} onClick={onWrong}>
        {text.wrong}
        <KeyHint>N</KeyHint>
      </Button>
    </Group>
  );
};

const Undo = ({ onUndo }: { onUndo: () => void }) => {
  const shortcutOf = useShortcutOf();
  return (
    <Button variant="default" size="compact-md" {...shortcutOf('u')} onClick={onUndo}>
      {text.undo}
      <KeyHint>U</KeyHint>
    </Button>
  );
};

const sentence = (said: Feedback | null): string => {
  if (said === null) return text.question;
  if (said.verdict === 'correct') return text.saidRight;
  return said.label === null
    ? `${text.saidWrong} ${text.which}`
    : text.saidLabel(messages.nouns[said.label]);
};
