import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

import classes from '@/components/answer-list/answer-list.module.css';
import { AnswerTile } from '@/components/answer-list/answer-tile';
import type { Row, RowActions } from '@/components/answer-list/row';
import { TableHead, TableRow } from '@/components/answer-list/table-row';
import type { ListLayout } from '@/lib/list-layout';
import { extend, selectAll, type Selection, toggle } from '@/lib/selection';

interface Props extends RowActions {
  title: string;
  layout: ListLayout;
  rows: Row[];
  /** The number of rows in the whole list, of which the last ones may not be loaded yet. */
  total: number;
  /** The models with a column of their own in the table; empty if there is one answer per row. */
  models?: string[];
  sort: string;
  onSort: (sort: string) => void;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onDelete: (keys: string[]) => void;
  /** The key of the row to focus. */
  focused?: string | undefined;
  isBusy?: boolean;
  /** Called when the last rows are shown. */
  onEnd?: (() => void) | undefined;
}

const TILE_WIDTH = 208;
const TILE_HEIGHT = 330;
const ROW_HEIGHT = 64;
const GAP = 16;

/**
 * A list of images with their answers, as a grid or as a table. Only the rows near the visible part
 * of the page are in the document.
 *
 * Keys: the arrow keys, Home and End move; Shift extends the selection, Ctrl+Space toggles one
 * image, Ctrl+A selects all loaded images, and Delete deletes the selection or the focused image.
 */
export const AnswerList = ({ layout, rows, total, models = [], selection, ...props }: Props) => {
  const isTable = layout === 'table';
  const { ref: sizeRef, width: observedWidth } = useElementSize();
  const list = useRef<HTMLDivElement>(null);
  // The width is observed only after the list has been drawn.
  const [firstWidth, setFirstWidth] = useState(0);
  const width = observedWidth || firstWidth;
  const [offset, setOffset] = useState(0);
  const columns = isTable ? 1 : Math.max(2, Math.floor((width + GAP) / (TILE_WIDTH + GAP)));
  const virtualizer = useWindowVirtualizer({
    count: Math.ceil(rows.length / columns),
    estimateSize: () => (isTable ? ROW_HEIGHT : TILE_HEIGHT),
    overscan: 4,
    gap: isTable ? 0 : GAP,
    scrollMargin: offset,
    getItemKey: (index) => `${layout}-${rows[index * columns]?.key ?? index}`,
  });
  const visible = virtualizer.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const order = rows.map(({ key }) => key);

  useLayoutEffect(() => {
    setFirstWidth(list.current?.clientWidth ?? 0);
  }, []);

  useLayoutEffect(() => {
    const top = (list.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    setOffset(Math.round(top));
  }, [rows.length, width, layout]);

  const { onEnd } = props;
  useEffect(() => {
    if ((last + 3) * columns >= rows.length) onEnd?.();
  }, [last, columns, rows.length, onEnd]);

  const focusRow = (index: number) => {
    const target = Math.max(0, Math.min(index, rows.length - 1));
    const find = () => list.current?.querySelector<HTMLElement>(`[data-item="${target}"]`);
    if (find() === null) virtualizer.scrollToIndex(Math.floor(target / columns));
    // The row is rendered after the page has scrolled.
    const focus = (attempts: number) => {
      const element = find();
      if (element) element.focus();
      else if (attempts > 0)
        requestAnimationFrame(() => {
          focus(attempts - 1);
        });
    };
    focus(20);
  };

  const { focused } = props;
  const focusedIndex = focused === undefined ? -1 : order.indexOf(focused);
  const focusOnce = useRef(focusRow);
  useEffect(() => {
    if (focusedIndex >= 0) focusOnce.current(focusedIndex);
  }, [focusedIndex]);

  const select = (key: string, { shiftKey }: { shiftKey: boolean }) => {
    props.onSelect(shiftKey ? extend(selection, key, order) : toggle(selection, key));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const item = (event.target as Element).closest('[data-item]')?.getAttribute('data-item');
    if (item == null || event.altKey) return;
    const index = Number(item);
    const key = order[index] ?? '';
    const steps: Record<string, number> = {
      ArrowDown: columns,
      ArrowUp: -columns,
      ...(isTable ? {} : { ArrowRight: 1, ArrowLeft: -1 }),
      Home: -index,
      End: rows.length - 1 - index,
    };
    const step = steps[event.key];
    const isControl = event.ctrlKey || event.metaKey;
    if (step !== undefined && index + step >= 0 && index + step < rows.length) {
      const next = order[index + step] ?? '';
      if (event.shiftKey) {
        const from = selection.keys.size === 0 ? toggle(selection, key) : selection;
        props.onSelect(extend(from, next, order));
      }
      focusRow(index + step);
    } else if (isControl && event.key === ' ') props.onSelect(toggle(selection, key));
    else if (isControl && event.key === 'a') props.onSelect(selectAll(order));
    else if (event.key === 'Delete') {
      props.onDelete(selection.keys.size > 0 ? [...selection.keys] : [key]);
      focusRow(index);
    } else if (step === undefined) return;
    event.preventDefault();
  };

  /** With Shift or Ctrl, a click selects the image instead of opening it. */
  const onClickCapture = (event: MouseEvent) => {
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) return;
    const item = (event.target as Element).closest('[data-item]')?.getAttribute('data-item');
    if (item == null) return;
    event.preventDefault();
    event.stopPropagation();
    select(order[Number(item)] ?? '', event);
  };

  const ref = useMergedRef(sizeRef, list);
  const body = visible.map(({ key, index, start }) => (
    <div
      key={key}
      data-index={index}
      ref={virtualizer.measureElement}
      role="presentation"
      className={isTable ? classes.tableRow : classes.gridRow}
      style={{
        transform: `translateY(${start - offset}px)`,
        gridTemplateColumns: isTable ? undefined : `repeat(${columns}, minmax(0, 1fr))`,
      }}
    >
      {rows.slice(index * columns, (index + 1) * columns).map((row, column) => {
        const position = index * columns + column;
        const common = {
          row,
          position,
          total,
          isSelected: selection.keys.has(row.key),
          onSelect: select,
          renderOpen: props.renderOpen,
          renderThumbnail: props.renderThumbnail,
          renderAction: props.renderAction,
          titleOf: props.titleOf,
        };
        return isTable ? (
          <TableRow key={row.key} {...common} models={models} />
        ) : (
          <AnswerTile key={row.key} {...common} />
        );
      })}
    </div>
  ));
  const rowsElement = (
    <div
      ref={ref}
      className={classes.rows}
      style={{ height: virtualizer.getTotalSize() }}
      role={isTable ? 'rowgroup' : 'list'}
      aria-label={isTable ? undefined : props.title}
      aria-busy={props.isBusy}
    >
      {body}
    </div>
  );
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- the events are those of its links and buttons
    <div onKeyDown={onKeyDown} onClickCapture={onClickCapture}>
      {isTable ? (
        <div
          role="table"
          aria-label={props.title}
          aria-rowcount={total + 1}
          className={classes.table}
          data-models={models.length > 0 || undefined}
          style={{ '--models': Math.max(1, models.length) } as CSSProperties}
        >
          <TableHead
            models={models}
            titleOf={props.titleOf}
            sort={props.sort}
            onSort={props.onSort}
          />
          {rowsElement}
        </div>
      ) : (
        rowsElement
      )}
    </div>
  );
};
