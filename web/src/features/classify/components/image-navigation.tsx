import { Button, Group, Text } from '@mantine/core';

import { KeyHint } from '@/components/ui/key-hint';
import classes from '@/features/classify/components/image-navigation.module.css';
import type { Image } from '@/features/classify/image';
import { messages } from '@/lib/messages';
import { useKeys } from '@/lib/use-keys';

interface Props {
  images: readonly Image[];
  /** The image that is shown. */
  turn: number;
  onOpen: (turn: number) => void;
  onBack: () => void;
}

const text = messages.images;

/** Leads from an image to those beside it, and back to all. */
export const ImageNavigation = ({ images, turn, onOpen, onBack }: Props) => {
  const place = images.findIndex((image) => image.turn === turn);
  const before = images[place - 1];
  const after = images[place + 1];
  const open = (image: Image | undefined) => () => {
    if (image !== undefined) onOpen(image.turn);
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
          {text.place(place + 1, images.length)}
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
