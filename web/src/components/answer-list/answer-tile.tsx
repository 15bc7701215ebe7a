import { Badge, Checkbox } from '@mantine/core';
import { memo } from 'react';

import { AnswerSummary } from '@/components/answer/answer-summary';
import tile from '@/components/answer/tile.module.css';
import classes from '@/components/answer-list/answer-list.module.css';
import type { Row, RowActions } from '@/components/answer-list/row';
import { feedbackText } from '@/lib/answer-text';
import { formatTime } from '@/lib/format';
import { useMessages } from '@/lib/messages';

export interface ItemProps extends RowActions {
  row: Row;
  /** The position in the list, from 0. */
  position: number;
  total: number;
  isSelected: boolean;
  onSelect: (key: string, event: { shiftKey: boolean }) => void;
}

/** An image in a grid. */
export const AnswerTile = memo(({ row, position, total, isSelected, ...props }: ItemProps) => {
  const messages = useMessages();
  const text = messages.list;
  const [answer] = row.answers ?? [];
  return (
    <div
      role="listitem"
      aria-setsize={total}
      aria-posinset={position + 1}
      className={classes.item}
      data-selected={isSelected || undefined}
    >
      {props.renderOpen(row, {
        className: tile.tile,
        'data-item': position,
        children: (
          <>
            {props.renderThumbnail(row)}
            <span className={tile.text}>
              {answer === undefined ? (
                row.status
              ) : (
                <>
                  <AnswerSummary answer={answer} />
                  {row.differs && (
                    <Badge color="yellow" variant="dot" tt="none" className={classes.differ}>
                      {messages.images.modelsDiffer}
                    </Badge>
                  )}
                  {answer.feedback && (
                    <span className={tile.small}>{feedbackText(answer.feedback)}</span>
                  )}
                </>
              )}
              {answer && (
                <span className={tile.small}>
                  {messages.history.by({
                    model: props.titleOf(answer.model),
                    date: formatTime(answer.created_at),
                  })}
                </span>
              )}
              <span className={tile.name} title={row.name}>
                {row.name}
              </span>
            </span>
          </>
        ),
      })}
      <Checkbox
        size="md"
        className={classes.check}
        aria-label={text.select({ name: row.name })}
        checked={isSelected}
        onChange={(event) => {
          props.onSelect(row.key, event.nativeEvent as unknown as MouseEvent);
        }}
      />
      {props.renderAction?.(row)}
    </div>
  );
});

AnswerTile.displayName = 'AnswerTile';
