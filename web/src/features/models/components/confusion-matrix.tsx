import { Text } from '@mantine/core';
import { type CSSProperties, useState } from 'react';

import { metricsOf } from '@/features/models/class-metrics';
import classes from '@/features/models/components/confusion-matrix.module.css';
import type { ModelCard } from '@/features/models/model-card';
import type { Label } from '@/lib/api-client';
import { formatCount, formatPercent } from '@/lib/format';
import { imagesOf, labelName } from '@/lib/labels';
import { currentMessages, useMessages } from '@/lib/messages';

interface Props {
  /** The labels of the rows and columns. */
  labels: Label[];
  test: NonNullable<ModelCard['test']>;
}

interface Cell {
  truth: Label;
  answer: Label;
  images: number;
  /** The number of test images of the true class. */
  all: number;
}

/** A confusion matrix; selecting a cell explains it in words. */
export const ConfusionMatrix = ({ labels, test }: Props) => {
  const text = useMessages().performance.confusion;
  const [selected, setSelected] = useState<Cell>();
  return (
    <>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <th scope="col">{text.corner}</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {labelName(label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((truth, row) => (
            <tr key={truth}>
              <th scope="row">{labelName(truth)}</th>
              {cellsOf(labels, truth, test.confusion[row]).map((cell) => (
                <td key={cell.answer}>
                  <button
                    type="button"
                    className={classes.cell}
                    style={{ '--proportion': proportionOf(cell) } as CSSProperties}
                    aria-pressed={selected?.truth === truth && selected.answer === cell.answer}
                    aria-label={text.cell({
                      truth: labelName(truth),
                      answer: labelName(cell.answer),
                      images: formatCount(cell.images),
                    })}
                    onClick={() => {
                      setSelected(cell);
                    }}
                  >
                    {formatCount(cell.images)}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Text role="status" size="sm" mt="sm" mih="3.2em" c={selected ? 'inherit' : 'dimmed'}>
        {selected ? describe(selected, labels, test) : text.choose}
      </Text>
    </>
  );
};

const cellsOf = (labels: Label[], truth: Label, row: number[] = []): Cell[] => {
  const all = row.reduce((sum, images) => sum + images, 0);
  return labels.map((answer, column) => ({ truth, answer, images: row[column] ?? 0, all }));
};

const proportionOf = ({ images, all }: Cell): number => (all === 0 ? 0 : images / all);

const describe = (cell: Cell, labels: Label[], test: Props['test']): string => {
  const text = currentMessages().performance.confusion;
  const { truth, answer, images, all } = cell;
  const figures = {
    count: formatCount(images),
    all: formatCount(all),
    images: imagesOf(truth),
    percentage: formatPercent(proportionOf(cell)),
  };
  if (truth !== answer) return text.incorrect({ ...figures, label: labelName(answer) });
  const recall = metricsOf(test, labels, truth)?.recall;
  return [
    text.correct(figures),
    ...(recall
      ? [text.interval({ low: formatPercent(recall.low), high: formatPercent(recall.high) })]
      : []),
  ].join(' ');
};
