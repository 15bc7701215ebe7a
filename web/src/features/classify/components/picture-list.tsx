import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import tile from '@/components/answer/tile.module.css';
import { knownAnswers } from '@/features/classify/api/answers';
import classes from '@/features/classify/components/picture-list.module.css';
import { PictureTile } from '@/features/classify/components/picture-tile';
import { errorOf, isUnderWay, type Picture } from '@/features/classify/picture';
import { summaryOf } from '@/features/classify/summary';
import { messages } from '@/lib/messages';

interface Props {
  pictures: readonly Picture[];
  model: string;
  /** Whether the server is too busy for now. */
  isHeld: boolean;
  /** Whether it is to come into view. */
  isNew: boolean;
  /** The picture that is to have the focus. */
  focused: number | undefined;
  /** Ways to add pictures. */
  adding: ReactNode;
  onOpen: (turn: number) => void;
  onRemove: (...turns: number[]) => void;
  onRetry: () => void;
}

const text = messages.pictures;

/** Many pictures, each with its answer or how far it is. */
export const PictureList = ({ pictures, model, isHeld, isNew, focused, ...props }: Props) => {
  const queryClient = useQueryClient();
  const answers = pictures.map(({ turn }) => knownAnswers(queryClient, turn, model));
  const left = pictures.filter(isUnderWay);
  const isWorking = left.length > 0;
  const summary = summaryOf(pictures, answers);

  return (
    <section
      ref={isNew ? bringIntoView : null}
      tabIndex={-1}
      aria-label={text.title}
      className={classes.list}
    >
      <VisuallyHidden role="status">
        {isWorking ? text.asked(pictures.length) : summary}
      </VisuallyHidden>
      <Group justify="space-between" gap="sm">
        <div className={classes.words}>
          <Text fw={600}>
            {isWorking ? text.done(pictures.length - left.length, pictures.length) : summary}
          </Text>
          <Text size="sm" c="dimmed">
            {isHeld ? messages.busy.held : text.hint}
          </Text>
        </div>
        <Group gap="xs">
          {pictures.some((one) => errorOf(one)?.isTransient) && (
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
                props.onRemove(...pictures.map(({ turn }) => turn));
              }}
            >
              {text.clear}
            </Button>
          )}
        </Group>
      </Group>
      <ul className={tile.grid} aria-label={text.title} aria-busy={isWorking}>
        {pictures.map((picture, index) => (
          <PictureTile
            key={picture.turn}
            picture={picture}
            answers={answers[index]}
            isFocused={picture.turn === focused}
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
