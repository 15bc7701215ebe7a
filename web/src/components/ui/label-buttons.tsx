import { Button, Group } from '@mantine/core';

import { KeyHint } from '@/components/ui/key-hint';
import type { Label } from '@/lib/api-client';
import { colourOf, LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';
import { useShortcutOf } from '@/lib/use-shortcuts';

interface Props {
  title: string;
  /** The label that is chosen, if any is. */
  chosen?: Label | null | undefined;
  /** The label that cannot be chosen. */
  without?: Label | undefined;
  onChoose: (label: Label) => void;
}

/** A button for each class, which the keys 1 to 4 stand for. */
export const LabelButtons = ({ title, chosen, without, onChoose }: Props) => {
  const shortcutOf = useShortcutOf();
  return (
    <Group gap="xs" role="group" aria-label={title}>
      {LABELS.map((label, index) => (
        <Button
          key={label}
          size="compact-md"
          variant={label === chosen ? 'light' : 'default'}
          aria-pressed={label === chosen}
          {...shortcutOf(String(index + 1))}
          disabled={label === without}
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

/** What the keys 1 to 4 do. */
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
