import { Badge, CloseButton, Text, UnstyledButton } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { memo } from 'react';

import { AnswerSummary } from '@/components/answer/answer-summary';
import { Thumbnail } from '@/components/answer/thumbnail';
import tile from '@/components/answer/tile.module.css';
import { FileThumbnail } from '@/features/classify/components/file-thumbnail';
import classes from '@/features/classify/components/image-tile.module.css';
import {
  errorOf,
  type ImageSource,
  isSample,
  nameOf,
  type QueuedImage,
} from '@/features/classify/queued-image';
import { statusText, uploadProgressText } from '@/features/classify/status-text';
import { allAgree } from '@/features/classify/summary';
import { feedbackText } from '@/lib/answer-text';
import type { Classification } from '@/lib/api-client';
import { messages } from '@/lib/messages';

interface Props {
  image: QueuedImage;
  /** The classifications by the selected model or, in a comparison, by all models. */
  answers: Classification[] | undefined;
  /** Whether to focus the tile. */
  isFocused: boolean;
  onOpen: (id: number) => void;
  onRemove: (id: number) => void;
}

const text = messages.images;

/** Shows an image in the list with its classification or progress. */
export const ImageTile = memo(({ image, answers, isFocused, onOpen, onRemove }: Props) => {
  const { id, source } = image;
  const name = nameOf(source);
  return (
    <li className={classes.item}>
      <UnstyledButton
        ref={isFocused ? focus : null}
        className={tile.tile}
        onClick={() => {
          onOpen(id);
        }}
      >
        {answers?.[0] ? <Thumbnail id={answers[0].id} /> : <LocalThumbnail source={source} />}
        <span className={tile.text}>
          <TileStatus image={image} answers={answers} />
          <span className={tile.name} title={name}>
            {name}
          </span>
        </span>
      </UnstyledButton>
      <CloseButton
        className={classes.remove}
        variant="default"
        radius="xl"
        aria-label={text.remove(name)}
        onClick={({ currentTarget }) => {
          focusNeighbour(currentTarget.closest('li'));
          onRemove(id);
        }}
      />
    </li>
  );
});

ImageTile.displayName = 'ImageTile';

/** Shows a thumbnail of the local image. The thumbnail is rendered only while it is in view. */
const LocalThumbnail = ({ source }: { source: ImageSource }) => {
  const { ref, inViewport } = useInViewport();
  return (
    <span ref={ref} className={`${tile.image ?? ''} ${classes.frame ?? ''}`}>
      {inViewport &&
        (isSample(source) ? (
          <img src={source.url} alt="" className={classes.local} />
        ) : (
          <FileThumbnail file={source} className={classes.local} />
        ))}
    </span>
  );
};

const TileStatus = ({ image, answers }: Pick<Props, 'image' | 'answers'>) => {
  const [answer] = answers ?? [];
  const error = errorOf(image);
  if (answer !== undefined && answers !== undefined) {
    return (
      <>
        <AnswerSummary answer={answer} />
        {answer.feedback && <span className={tile.small}>{feedbackText(answer.feedback)}</span>}
        {!allAgree(answers) && (
          <Badge color="yellow" variant="dot" tt="none" className={classes.differ}>
            {text.modelsDiffer}
          </Badge>
        )}
      </>
    );
  }
  if (error !== undefined) {
    return (
      <>
        <Text span fw={650}>
          {text.failed}
        </Text>
        <span className={tile.small}>{error.message}</span>
      </>
    );
  }
  return (
    <span className={classes.status} data-busy={image.status.name === 'classifying' || undefined}>
      {uploadProgressText(image.status) ?? statusText(image.status)}
    </span>
  );
};

const focus = (button: HTMLButtonElement | null) => {
  button?.focus();
};

/**
 * Moves the focus to the next tile before the focused tile is removed, or to the previous tile if
 * the focused tile is the last.
 */
const focusNeighbour = (item: Element | null) => {
  const neighbour = item?.nextElementSibling ?? item?.previousElementSibling;
  neighbour?.querySelector('button')?.focus();
};
