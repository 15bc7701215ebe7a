import { Button, Group, Text } from '@mantine/core';

import { KeyHint } from '@/components/ui/key-hint';
import classes from '@/features/classify/components/picture-navigation.module.css';
import type { Picture } from '@/features/classify/picture';
import { messages } from '@/lib/messages';
import { useKeys } from '@/lib/use-keys';

interface Props {
  pictures: readonly Picture[];
  /** The picture that is shown. */
  turn: number;
  onOpen: (turn: number) => void;
  onBack: () => void;
}

const text = messages.pictures;

/** Leads from a picture to those beside it, and back to all. */
export const PictureNavigation = ({ pictures, turn, onOpen, onBack }: Props) => {
  const place = pictures.findIndex((picture) => picture.turn === turn);
  const before = pictures[place - 1];
  const after = pictures[place + 1];
  const open = (picture: Picture | undefined) => () => {
    if (picture !== undefined) onOpen(picture.turn);
  };
  useKeys({ ArrowLeft: open(before), ArrowRight: open(after), Escape: onBack });

  return (
    <Group justify="space-between" gap="xs" className={classes.navigation}>
      <Button variant="default" radius="xl" size="compact-md" onClick={onBack}>
        {text.back}
        <KeyHint>Esc</KeyHint>
      </Button>
      <Group gap="xs">
        <Text c="dimmed" size="sm">
          {text.place(place + 1, pictures.length)}
        </Text>
        <Button
          variant="default"
          radius="xl"
          size="compact-md"
          disabled={!before}
          onClick={open(before)}
        >
          {text.previous}
          <KeyHint>←</KeyHint>
        </Button>
        <Button
          variant="default"
          radius="xl"
          size="compact-md"
          disabled={!after}
          onClick={open(after)}
        >
          {text.next}
          <KeyHint>→</KeyHint>
        </Button>
      </Group>
    </Group>
  );
};
