import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import tile from '@/components/answer/tile.module.css';
import { knownAnswers } from '@/features/classify/api/answers';
import classes from '@/features/classify/components/image-list.module.css';
import { ImageTile } from '@/features/classify/components/image-tile';
import { errorOf, isUnderWay, type Image } from '@/features/classify/image';
import { summaryOf } from '@/features/classify/summary';
import { messages } from '@/lib/messages';

interface Props {
  images: readonly Image[];
  model: string;
  /** Whether the server is too busy for now. */
  isHeld: boolean;
  /** Whether it is to come into view. */
  isNew: boolean;
  /** The image that is to have the focus. */
  focused: number | undefined;
  /** Ways to add images. */
  adding: ReactNode;
  onOpen: (turn: number) => void;
  onRemove: (...turns: number[]) => void;
  onRetry: () => void;
}

const text = messages.images;

/** Many images, each with its answer or how far it is. */
export const ImageList = ({ images, model, isHeld, isNew, focused, ...props }: Props) => {
  const queryClient = useQueryClient();
  const answers = images.map(({ turn }) => knownAnswers(queryClient, turn, model));
  const left = images.filter(isUnderWay);
  const isWorking = left.length > 0;
  const summary = summaryOf(images, answers);

  return (
    <section
      ref={isNew ? bringIntoView : null}
      tabIndex={-1}
      aria-label={text.title}
      className={classes.list}
    >
      <VisuallyHidden role="status">
        {isWorking ? text.asked(images.length) : summary}
      </VisuallyHidden>
      <Group justify="space-between" gap="sm">
        <div className={classes.words}>
          <Text fw={600}>
            {isWorking ? text.done(images.length - left.length, images.length) : summary}
          </Text>
          <Text size="sm" c="dimmed">
            {isHeld ? messages.busy.held : text.hint}
          </Text>
        </div>
        <Group gap="xs">
          {images.some((one) => errorOf(one)?.isTransient) && (
            <Button radius="xl" onClick={props.onRetry}>
              {text.retry}
            </Button>
          )}
          {props.adding}
          {isWorking ? (
            <Button
              variant="default"
              radius="xl"
              onClick={() => {
                props.onRemove(...left.map(({ turn }) => turn));
              }}
            >
              {text.stop}
            </Button>
          ) : (
            <Button
              variant="default"
              radius="xl"
              onClick={() => {
                props.onRemove(...images.map(({ turn }) => turn));
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
            key={image.turn}
            image={image}
            answers={answers[index]}
            isFocused={image.turn === focused}
            onOpen={props.onOpen}
            onRemove={props.onRemove}
          />
        ))}
      </ul>
    </section>
  );
};

const bringIntoView = (list: HTMLElement | null) => {
  list?.focus({ preventScroll: true });
  list?.scrollIntoView({ block: 'start' });
};
