import { Button, Group } from '@mantine/core';

import { KeyHint } from '@/components/ui/key-hint';
import type { Label } from '@/lib/api-client';
import { colourOf, labelName } from '@/lib/labels';
import { useShortcutAttributes } from '@/lib/use-shortcuts';

const MAX_KEYS = 9;

interface Props {
  title: string;
  /** The labels of the model. */
  labels: readonly Label[];
  /** The selected label, if any. */
  chosen?: Label | null | undefined;
  /** The label of the disabled button, if any. */
  disabledLabel?: Label | undefined;
  onChoose: (label: Label) => void;
}

/** One button per class; the first nine have keyboard shortcuts. */
export const LabelButtons = ({ title, labels, chosen, disabledLabel, onChoose }: Props) => {
  const shortcutAttributes = useShortcutAttributes();
  return (
    <Group gap="xs" role="group" aria-label={title}>
      {labels.map((label, index) => (
        <Button
          key={label}
          size="compact-md"
          variant={label === chosen ? 'light' : 'default'}
          aria-pressed={label === chosen}
          {...(index < MAX_KEYS ? shortcutAttributes(String(index + 1)) : {})}
          disabled={label === disabledLabel}
          leftSection={<Dot colour={colourOf(label, labels)} />}
          onClick={() => {
            onChoose(label);
          }}
        >
          {labelName(label)}
          {index < MAX_KEYS && <KeyHint>{String(index + 1)}</KeyHint>}
        </Button>
      ))}
    </Group>
  );
};

/** Returns the handlers for the keyboard shortcuts 1 to 9. */
export const labelKeys = (
  labels: readonly Label[],
  choose: (label: Label) => void,
): Record<string, () => void> =>
  Object.fromEntries(
    labels.slice(0, MAX_KEYS).map((label, index) => [
      String(index + 1),
      () => {
        choose(label);
      },
    ]),
  );

const Dot = ({ colour }: { colour: string }) => (
  <span style={{ width: '0.6em', height: '0.6em', borderRadius: '50%', background: colour }} />
);
