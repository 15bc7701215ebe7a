import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import tile from '@/components/answer/tile.module.css';
import { getImageAnswers } from '@/features/classify/api/image-answers';
import classes from '@/features/classify/components/image-list.module.css';
import { ImageTile } from '@/features/classify/components/image-tile';
import { errorOf, isPending, type QueuedImage } from '@/features/classify/queued-image';
import { summarize } from '@/features/classify/summary';
import { messages } from '@/lib/messages';

interface Props {
  images: readonly QueuedImage[];
  model: string;
  /** Whether the queue is paused because the server is overloaded. */
  isPaused: boolean;
  /** Whether to scroll the list into view. */
  isNew: boolean;
  /** The id of the image to focus. */
  focused: number | undefined;
  /** The buttons that add images. */
  addButtons: ReactNode;
  onOpen: (id: number) => void;
  onRemove: (...ids: number[]) => void;
  onRetry: () => void;
}

const text = messages.images;

/** A list of images with their classification or progress. */
export const ImageList = ({ images, model, isPaused, isNew, focused, ...props }: Props) => {
  const queryClient = useQueryClient();
  const answers = images.map(({ id }) => getImageAnswers(queryClient, id, model));
  const pending = images.filter(isPending);
  const isWorking = pending.length > 0;
  const summary = summarize(images, answers);

  return (
    <section
      ref={isNew ? scrollIntoView : null}
      tabIndex={-1}
      aria-label={text.title}
      className={classes.list}
    >
      <VisuallyHidden role="status">
        {isWorking ? text.started(images.length) : summary}
      </VisuallyHidden>
      <Group justify="space-between" gap="sm">
        <div className={classes.summary}>
          <Text fw={600}>
            {isWorking ? text.done(images.length - pending.length, images.length) : summary}
          </Text>
          <Text size="sm" c="dimmed">
            {isPaused ? messages.progress.paused : text.hint}
          </Text>
        </div>
        <Group gap="xs">
          {images.some((one) => errorOf(one)?.isTransient) && (
            <Button radius="xl" onClick={props.onRetry}>
              {text.retry}
            </Button>
          )}
          {props.addButtons}
          {isWorking ? (
            <Button
              variant="default"
              radius="xl"
              onClick={() => {
                props.onRemove(...pending.map(({ id }) => id));
              }}
            >
              {text.cancelRest}
            </Button>
          ) : (
            <Button
              variant="default"
              radius="xl"
              onClick={() => {
                props.onRemove(...images.map(({ id }) => id));
              }}
            >
              {text.clear}
            </Button>
          )}
        </Group>
      </Group>
      <ul className={tile.grid} aria-label={text.title} aria-busy={isWorking}>
        {images.map((image, index) => (
          <ImageTile
            key={image.id}
            image={image}
            answers={answers[index]}
            isFocused={image.id === focused}
            onOpen={props.onOpen}
            onRemove={props.onRemove}
          />
        ))}
      </ul>
    </section>
  );
};

const scrollIntoView = (list: HTMLElement | null) => {
  list?.focus({ preventScroll: true });
  list?.scrollIntoView({ block: 'start' });
};
