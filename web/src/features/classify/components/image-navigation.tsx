import { Button, Group, Text } from '@mantine/core';

import { KeyHint } from '@/components/ui/key-hint';
import classes from '@/features/classify/components/image-navigation.module.css';
import type { QueuedImage } from '@/features/classify/queued-image';
import { useMessages } from '@/lib/messages';
import { useKeys } from '@/lib/use-keys';

interface Props {
  images: readonly QueuedImage[];
  /** The id of the open image. */
  id: number;
  onOpen: (id: number) => void;
  onBack: () => void;
}

/** Buttons that open the previous image, the next image, or the list. */
export const ImageNavigation = ({ images, id, onOpen, onBack }: Props) => {
  const text = useMessages().images;
  const index = images.findIndex((image) => image.id === id);
  const previous = images[index - 1];
  const next = images[index + 1];
  const open = (image: QueuedImage | undefined) => () => {
    if (image !== undefined) onOpen(image.id);
  };
  useKeys({ ArrowLeft: open(previous), ArrowRight: open(next), Escape: onBack });

  return (
    <Group justify="space-between" gap="xs" className={classes.navigation}>
      <Button variant="default" radius="xl" size="compact-md" onClick={onBack}>
        {text.back}
        <KeyHint>Esc</KeyHint>
      </Button>
      <Group gap="xs">
        <Text c="dimmed" size="sm">
          {text.position({ position: index + 1, count: images.length })}
        </Text>
        <Button
          variant="default"
          radius="xl"
          size="compact-md"
          disabled={!previous}
          onClick={open(previous)}
        >
          {text.previous}
          <KeyHint>←</KeyHint>
        </Button>
        <Button
          variant="default"
          radius="xl"
          size="compact-md"
          disabled={!next}
          onClick={open(next)}
        >
          {text.next}
          <KeyHint>→</KeyHint>
        </Button>
      </Group>
    </Group>
  );
};
