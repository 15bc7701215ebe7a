import { Button, Group } from '@mantine/core';

import { KeyHint } from '@/components/ui/key-hint';
import type { Label } from '@/lib/api-client';
import { colourOf, LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';
import { useShortcutAttributes } from '@/lib/use-shortcuts';

interface Props {
  title: string;
  /** The selected label, if any. */
  chosen?: Label | null | undefined;
  /** The label of the disabled button, if any. */
  disabledLabel?: Label | undefined;
  onChoose: (label: Label) => void;
}

/** One button per class, with the keyboard shortcuts 1 to 4. */
export const LabelButtons = ({ title, chosen, disabledLabel, onChoose }: Props) => {
  const shortcutAttributes = useShortcutAttributes();
  return (
    <Group gap="xs" role="group" aria-label={title}>
      {LABELS.map((label, index) => (
        <Button
          key={label}
          size="compact-md"
          variant={label === chosen ? 'light' : 'default'}
          aria-pressed={label === chosen}
          {...shortcutAttributes(String(index + 1))}
          disabled={label === disabledLabel}
          leftSection={<Dot label={label} />}
          onClick={() => {
            onChoose(label);
          }}
        >
          {messages.labels[label]}
          <KeyHint>{String(index + 1)}</KeyHint>
        </Button>
      ))}
    </Group>
  );
};

/** Returns the handlers for the keyboard shortcuts 1 to 4. */
export const labelKeys = (choose: (label: Label) => void): Record<string, () => void> =>
  Object.fromEntries(
    LABELS.map((label, index) => [
      String(index + 1),
      () => {
        choose(label);
      },
    ]),
  );

const Dot = ({ label }: { label: Label }) => (
  <span
    style={{ width: '0.6em', height: '0.6em', borderRadius: '50%', background: colourOf(label) }}
  />
);
