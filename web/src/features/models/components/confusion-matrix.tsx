import { Text } from '@mantine/core';
import { type CSSProperties, useState } from 'react';

import { metricsOf } from '@/features/models/class-metrics';
import classes from '@/features/models/components/confusion-matrix.module.css';
import type { ModelCard } from '@/features/models/model-card';
import type { Label } from '@/lib/api-client';
import { formatCount, formatPercent } from '@/lib/format';
import { imagesOf, labelName } from '@/lib/labels';
import { messages } from '@/lib/messages';

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

const text = messages.performance.confusion;

/** A confusion matrix; selecting a cell explains it in words. */
export const ConfusionMatrix = ({ labels, test }: Props) => {
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
                    aria-label={text.cell(
                      labelName(truth),
                      labelName(cell.answer),
                      formatCount(cell.images),
                    )}
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
  const { truth, answer, images, all } = cell;
  const figures = [formatCount(images), formatCount(all), imagesOf(truth)] as const;
  const proportion = formatPercent(proportionOf(cell));
  if (truth !== answer) return text.incorrect(...figures, proportion, labelName(answer));
  const recall = metricsOf(test, labels, truth)?.recall;
  return [
    text.correct(...figures, proportion),
    ...(recall ? [text.interval(formatPercent(recall.low), formatPercent(recall.high))] : []),
  ].join(' ');
};
