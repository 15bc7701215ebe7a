import { Checkbox, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { type CSSProperties, memo, type ReactNode } from 'react';

import { VerdictBadge } from '@/components/answer/verdict-badge';
import classes from '@/components/answer-list/answer-list.module.css';
import type { ItemProps } from '@/components/answer-list/answer-tile';
import type { AnswerSummary } from '@/lib/api-client';
import { formatRoundPercent, formatTime } from '@/lib/format';
import { colourOf, labelName, probabilityOf } from '@/lib/labels';
import { useMessages } from '@/lib/messages';

interface HeadProps {
  models: string[];
  titleOf: (model: string) => string;
  sort: string;
  onSort: (sort: string) => void;
}

type Direction = 'ascending' | 'descending';

/** The orders of each column: the first one is chosen by the first click on its heading. */
const SORTS: Record<'name' | 'label' | 'certainty' | 'model' | 'time', [string, Direction][]> = {
  name: [
    ['name', 'ascending'],
    ['name_descending', 'descending'],
  ],
  label: [['label', 'ascending']],
  certainty: [
    ['most_uncertain', 'ascending'],
    ['most_certain', 'descending'],
  ],
  model: [['model', 'ascending']],
  time: [
    ['newest', 'descending'],
    ['oldest', 'ascending'],
  ],
};

/** The headings of a table of answers, which sort it. */
export const TableHead = ({ models, titleOf, sort, onSort }: HeadProps) => {
  const text = useMessages().list;
  const heading = (column: keyof typeof SORTS, className?: string) => {
    const orders = SORTS[column];
    const current = orders.findIndex(([name]) => name === sort);
    const [next = ''] = orders[(current + 1) % orders.length] ?? [];
    return (
      <div role="columnheader" aria-sort={orders[current]?.[1] ?? 'none'} className={className}>
        <UnstyledButton
          className={classes.heading}
          onClick={() => {
            onSort(next);
          }}
        >
          {text.columns[column]}
          <span aria-hidden className={classes.arrow}>
            {current < 0 ? '' : orders[current]?.[1] === 'ascending' ? '▲' : '▼'}
          </span>
        </UnstyledButton>
      </div>
    );
  };
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={`${classes.cells ?? ''} ${classes.head ?? ''}`}>
        <div role="columnheader" className={classes.mark}>
          <VisuallyHidden>{text.columns.selected}</VisuallyHidden>
        </div>
        {heading('name')}
        {models.length === 0 ? (
          <>
            {heading('label')}
            {heading('certainty')}
            {heading('model', classes.wide)}
          </>
        ) : (
          models.map((model) => (
            <div key={model} role="columnheader">
              {titleOf(model)}
            </div>
          ))
        )}
        {heading('time', classes.wide)}
      </div>
    </div>
  );
};

interface Props extends ItemProps {
  models: string[];
}

/** An image in a table. In a comparison, each model has a column. */
export const TableRow = memo(({ row, position, isSelected, models, ...props }: Props) => {
  const text = useMessages().list;
  const [answer] = row.answers ?? [];
  return (
    <div
      role="row"
      aria-rowindex={position + 2}
      className={classes.cells}
      data-selected={isSelected || undefined}
    >
      <div role="cell" className={classes.mark}>
        <Checkbox
          size="md"
          aria-label={text.select({ name: row.name })}
          checked={isSelected}
          onChange={(event) => {
            props.onSelect(row.key, event.nativeEvent as unknown as MouseEvent);
          }}
        />
      </div>
      <div role="cell">
        {props.renderOpen(row, {
          className: classes.open,
          'data-item': position,
          children: (
            <>
              <span className={classes.small}>{props.renderThumbnail(row)}</span>
              <span className={classes.name} title={row.name}>
                {row.name}
              </span>
            </>
          ),
        })}
      </div>
      {models.length === 0 ? (
        <>
          <div role="cell">{answer ? <LabelOf answer={answer} /> : row.status}</div>
          <div role="cell">{answer && <Certainty answer={answer} />}</div>
          <div role="cell" className={classes.wide}>
            {answer && props.titleOf(answer.model)}
          </div>
        </>
      ) : (
        models.map((model, index) => (
          <div key={model} role="cell">
            <ModelCell
              answer={row.answers?.find((one) => one.model === model)}
              status={index === 0 ? row.status : undefined}
            />
          </div>
        ))
      )}
      <div role="cell" className={classes.wide}>
        {answer && formatTime(answer.created_at)}
      </div>
    </div>
  );
});

TableRow.displayName = 'TableRow';

const LabelOf = ({ answer: { label } }: { answer: AnswerSummary }) => (
  <span className={classes.label} style={{ '--colour': colourOf(label) } as CSSProperties}>
    {labelName(label)}
  </span>
);

const Certainty = ({ answer }: { answer: AnswerSummary }) => (
  <span className={classes.certainty}>
    {formatRoundPercent(probabilityOf(answer, answer.label))}
    <VerdictBadge verdict={answer.verdict} size="md" />
  </span>
);

interface CellProps {
  answer: AnswerSummary | undefined;
  status: ReactNode;
}

const ModelCell = ({ answer, status }: CellProps) =>
  answer === undefined ? (
    status
  ) : (
    <>
      <LabelOf answer={answer} /> <Certainty answer={answer} />
    </>
  );
