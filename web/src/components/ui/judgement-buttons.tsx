import { Button, Group, Text } from '@mantine/core';

import { KeyHint } from '@/components/ui/key-hint';
import type { Judgement, useJudgement } from '@/components/ui/use-judgement';
import type { Label } from '@/lib/api-client';
import { colourOf, labelName } from '@/lib/labels';
import { useMessages } from '@/lib/messages';
import { useShortcutAttributes } from '@/lib/use-shortcuts';

const MAX_KEYS = 9;

interface Props {
  title: string;
  /** The labels of the model. */
  labels: readonly Label[];
  /** What has been chosen, if anything. */
  chosen?: Judgement | undefined;
  /** The label that cannot be chosen alone, if any. */
  disabledLabel?: Label | undefined;
  judgement: ReturnType<typeof useJudgement>;
}

/** One button per class, and buttons for two classes and for “I don't know”. */
export const JudgementButtons = ({ title, labels, chosen, disabledLabel, judgement }: Props) => {
  const text = useMessages().judgement;
  const shortcutAttributes = useShortcutAttributes();
  const { isTwo, first } = judgement;
  const isPressed = (label: Label) =>
    isTwo ? label === first : (chosen?.includes(label) ?? false);
  return (
    <Group gap="xs" role="group" aria-label={title}>
      {labels.map((label, index) => (
        <Button
          key={label}
          size="compact-md"
          variant={isPressed(label) ? 'light' : 'default'}
          aria-pressed={isPressed(label)}
          {...(index < MAX_KEYS ? shortcutAttributes(String(index + 1)) : {})}
          disabled={label === disabledLabel && !isTwo}
          leftSection={<Dot colour={colourOf(label, labels)} />}
          onClick={() => {
            judgement.choose(label);
          }}
        >
          {labelName(label)}
          {index < MAX_KEYS && <KeyHint>{String(index + 1)}</KeyHint>}
        </Button>
      ))}
      <Button
        size="compact-md"
        variant={isTwo ? 'light' : 'default'}
        aria-pressed={isTwo}
        {...shortcutAttributes('b')}
        onClick={judgement.toggleTwo}
      >
        {text.two}
        <KeyHint>B</KeyHint>
      </Button>
      <Button
        size="compact-md"
        variant={chosen?.length === 0 ? 'light' : 'default'}
        aria-pressed={chosen?.length === 0}
        {...shortcutAttributes('0')}
        onClick={judgement.chooseUnknown}
      >
        {text.unknown}
        <KeyHint>0</KeyHint>
      </Button>
      {isTwo && (
        <Text size="sm" w="100%" role="status">
          {first === undefined ? text.chooseTwo : text.chooseSecond({ first: labelName(first) })}
        </Text>
      )}
    </Group>
  );
};

const Dot = ({ colour }: { colour: string }) => (
  <span style={{ width: '0.6em', height: '0.6em', borderRadius: '50%', background: colour }} />
);
