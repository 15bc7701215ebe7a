import { Button, Group, NativeSelect, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';

import { AnswerList } from '@/components/answer-list/answer-list';
import { DownloadButtons } from '@/components/answer-list/download-buttons';
import { type Chip, CHIPS, ListBar, SelectionBar } from '@/components/answer-list/list-bar';
import { allImageAnswers, getImageAnswers } from '@/features/classify/api/image-answers';
import {
  arrange,
  type BatchSort,
  type BatchView,
  countChips,
} from '@/features/classify/batch-view';
import classes from '@/features/classify/components/image-list.module.css';
import {
  batchRow,
  ImageButton,
  RemoveButton,
  RowThumbnail,
} from '@/features/classify/components/image-row';
import { errorOf, isPending, type QueuedImage } from '@/features/classify/queued-image';
import { summarize } from '@/features/classify/summary';
import { answeredText } from '@/lib/answered-text';
import type { Classification } from '@/lib/api-client';
import { deletions, useDeletions } from '@/lib/deletions';
import { useListLayout } from '@/lib/list-layout';
import { useMessages } from '@/lib/messages';
import { ALL, titleOf, useModels } from '@/lib/models';
import { NOTHING, selectAll } from '@/lib/selection';

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

/** A list of images with their classification or progress. */
export const ImageList = ({ model, isPaused, isNew, focused, ...props }: Props) => {
  const messages = useMessages();
  const text = messages.images;
  const queryClient = useQueryClient();
  const { data: models = [] } = useModels();
  const { hidden } = useDeletions();
  const [layout, setLayout] = useListLayout();
  const [view, setView] = useState<BatchView>({ sort: 'added', text: '' });
  const [selection, setSelection] = useState(NOTHING);
  const shownView = useDeferredValue(view);

  const items = props.images
    .map((image) => ({ image, answers: getImageAnswers(queryClient, image.id, model) }))
    .filter(({ answers }) => !answers?.some(({ id }) => hidden.has(id)));
  const images = items.map(({ image }) => image);
  const shown = arrange(items, shownView);
  const answers = items.map((one) => one.answers);
  const pending = images.filter(isPending);
  const isWorking = pending.length > 0;
  const ensembles = models.filter(({ members }) => members.length > 0).map(({ name }) => name);
  const summary = summarize(images, answers, ensembles);
  const shownIds = shown.flatMap((one) => one.answers?.map(({ id }) => id) ?? []);
  const keys = shown.map(({ image }) => String(image.id));
  const selected = new Set(keys.filter((key) => selection.keys.has(key)));

  const change = (changes: Partial<BatchView>) => {
    setView({ ...view, ...changes });
  };
  /** Deletes the answers of images; those without an answer are only removed from the list. */
  const deleteImages = (chosen: string[]) => {
    const ids = chosen.map(Number);
    const answerIds = ids.flatMap((id) => allImageAnswers(queryClient, id).map((one) => one.id));
    const unanswered = ids.filter((id) => allImageAnswers(queryClient, id).length === 0);
    if (unanswered.length > 0) props.onRemove(...unanswered);
    if (answerIds.length > 0) deletions.begin(answerIds);
    setSelection(NOTHING);
  };

  return (
    <section
      ref={isNew ? scrollIntoView : null}
      tabIndex={-1}
      aria-label={text.title}
      className={classes.list}
    >
      <VisuallyHidden role="status">
        {isWorking ? text.started({ count: images.length }) : summary}
      </VisuallyHidden>
      <Group justify="space-between" gap="sm">
        <div className={classes.summary}>
          <Text fw={600}>
            {isWorking
              ? text.done({ done: images.length - pending.length, count: images.length })
              : summary}
          </Text>
          <Text size="sm" c="dimmed">
            {isPaused ? messages.progress.paused : [timesText(answers.flat()), text.hint].join(' ')}
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
      <ListBar
        counts={countChips(items, CHIPS)}
        chosen={(chip) => view.chip === chip}
        onChoose={(chip: Chip) => {
          change({ chip: view.chip === chip ? undefined : chip });
        }}
        layout={layout}
        onLayout={setLayout}
      />
      <Group gap="xs" align="end">
        <TextInput
          type="search"
          className={classes.search}
          label={messages.list.search}
          value={view.text}
          onChange={({ currentTarget }) => {
            change({ text: currentTarget.value });
          }}
        />
        <NativeSelect
          label={messages.history.filter.sort}
          data={Object.entries({ added: text.added, ...messages.history.filter.sorts }).map(
            ([value, label]) => ({ value, label }),
          )}
          value={view.sort}
          onChange={({ currentTarget }) => {
            change({ sort: currentTarget.value as BatchSort });
          }}
        />
        {shownIds.length > 0 && <DownloadButtons selection={{ ids: shownIds }} />}
      </Group>
      {shown.length < items.length && (
        <Text size="sm" c="dimmed" role="status">
          {messages.list.shown({ shown: shown.length, total: items.length })}
        </Text>
      )}
      <AnswerList
        title={text.title}
        layout={layout}
        rows={shown.map((item) => batchRow(item, ensembles))}
        total={shown.length}
        models={model === ALL ? models.map(({ name }) => name) : []}
        titleOf={(name) => titleOf(models, name)}
        sort={view.sort}
        onSort={(sort) => {
          change({ sort: sort as BatchSort });
        }}
        selection={{ ...selection, keys: selected }}
        onSelect={setSelection}
        onDelete={deleteImages}
        focused={focused === undefined ? undefined : String(focused)}
        isBusy={isWorking}
        renderOpen={(row, open) => (
          <ImageButton {...open} id={Number(row.key)} onOpen={props.onOpen} />
        )}
        renderThumbnail={(row) => (
          <RowThumbnail
            row={row}
            source={images.find(({ id }) => String(id) === row.key)?.source}
          />
        )}
        renderAction={(row) => <RemoveButton row={row} onRemove={props.onRemove} />}
      />
      <SelectionBar
        count={selected.size}
        total={shown.length}
        onAll={() => {
          setSelection(selectAll(keys));
        }}
        onNone={() => {
          setSelection(NOTHING);
        }}
        onDelete={() => {
          deleteImages([...selected]);
        }}
      />
    </section>
  );
};

/** Returns when the first and the last answer were given. */
const timesText = (answers: (Classification | undefined)[]): string => {
  const times = answers.flatMap((one) => (one === undefined ? [] : [one.created_at])).toSorted();
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined ? '' : answeredText(first, last);
};

const scrollIntoView = (list: HTMLElement | null) => {
  list?.focus({ preventScroll: true });
  list?.scrollIntoView({ block: 'start' });
};
