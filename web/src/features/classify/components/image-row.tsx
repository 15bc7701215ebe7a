import { CloseButton, Text, UnstyledButton } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';

import { Thumbnail } from '@/components/answer/thumbnail';
import tile from '@/components/answer/tile.module.css';
import type { OpenProps, Row } from '@/components/answer-list/row';
import type { BatchItem } from '@/features/classify/batch-view';
import { FileThumbnail } from '@/features/classify/components/file-thumbnail';
import classes from '@/features/classify/components/image-row.module.css';
import {
  errorOf,
  type ImageSource,
  isSample,
  nameOf,
  type QueuedImage,
} from '@/features/classify/queued-image';
import { statusText, uploadProgressText } from '@/features/classify/status-text';
import { allAgree } from '@/features/classify/summary';
import { useMessages } from '@/lib/messages';

/** Returns the row of a list that shows an image. */
export const batchRow = ({ image, answers }: BatchItem, ensembles: readonly string[]): Row => ({
  key: String(image.id),
  name: nameOf(image),
  answers,
  differs: answers !== undefined && !allAgree(answers, ensembles),
  status: answers === undefined && <RowStatus image={image} />,
});

/** A button that opens an image. */
export const ImageButton = ({
  id,
  onOpen,
  ...props
}: OpenProps & { id: number; onOpen: (id: number) => void }) => (
  <UnstyledButton
    {...props}
    onClick={() => {
      onOpen(id);
    }}
  />
);

/** A button that removes an image from the list; its answers are kept. */
export const RemoveButton = ({ row, onRemove }: { row: Row; onRemove: (id: number) => void }) => {
  const text = useMessages().images;
  return (
    <CloseButton
      className={classes.remove}
      variant="default"
      radius="xl"
      aria-label={text.remove({ name: row.name })}
      onClick={({ currentTarget }) => {
        const focusNext = prepareFocus(currentTarget);
        onRemove(Number(row.key));
        requestAnimationFrame(focusNext);
      }}
    />
  );
};

interface ThumbnailProps {
  row: Row;
  source: ImageSource | undefined;
}

/** A thumbnail by the server, or of the local image until there is an answer. */
export const RowThumbnail = ({ row: { answers }, source }: ThumbnailProps) => {
  if (answers?.[0]) return <Thumbnail id={answers[0].id} />;
  return source && <LocalThumbnail source={source} />;
};

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

const RowStatus = ({ image }: { image: QueuedImage }) => {
  const text = useMessages().images;
  const error = errorOf(image);
  if (error !== undefined) {
    return (
      <>
        <Text span fw={650}>
          {text.failed}
        </Text>{' '}
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

/**
 * Returns a function that moves the focus to the image after a removed one, or to the previous image
 * if the removed one was the last.
 */
const prepareFocus = (button: Element) => {
  const list = button.closest('[role=list]');
  const items = [...(list?.querySelectorAll('[role=listitem]') ?? [])];
  const removed = items.find((item) => item.contains(button))?.querySelector('[data-item]');
  const position = Number(removed?.getAttribute('data-item'));
  return () => {
    const next = [position, position - 1].map((one) =>
      list?.querySelector<HTMLElement>(`[data-item="${one}"]`),
    );
    next.find((one) => one != null)?.focus();
  };
};
