import type { CSSProperties } from 'react';

import classes from '@/features/models/components/confusion-matrix.module.css';
import type { Label } from '@/lib/api-client';
import { formatCount, formatShare } from '@/lib/format';
import { messages } from '@/lib/messages';

interface Props {
  /** The labels of rows and columns. */
  labels: Label[];
  /** Numbers of pictures: rows are the truth, columns the answer. */
  confusion: number[][];
}

const text = messages.performance.confusion;

/** How often each class was taken for which. */
export const ConfusionMatrix = ({ labels, confusion }: Props) => (
  <table className={classes.matrix}>
    <thead>
      <tr>
        <th scope="col">{text.corner}</th>
        {labels.map((label) => (
          <th key={label} scope="col">
            {messages.labels[label]}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {labels.map((truth, row) => (
        <tr key={truth}>
          <th scope="row">{messages.labels[truth]}</th>
          {labels.map((answer, column) => {
            const pictures = confusion[row]?.[column] ?? 0;
            const share = pictures / total(confusion[row]);
            return (
              <td
                key={answer}
                className={classes.cell}
                style={{ '--share': share } as CSSProperties}
                title={text.cell(
                  messages.labels[truth],
                  messages.labels[answer],
                  formatShare(share),
                )}
              >
                {formatCount(pictures)}
              </td>
            );
          })}
        </tr>
      ))}
    </tbody>
  </table>
);

const total = (row: number[] = []): number =>
  Math.max(
    1,
    row.reduce((sum, one) => sum + one, 0),
  );
