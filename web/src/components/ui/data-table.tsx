import type { ReactNode } from 'react';

import classes from '@/components/ui/data-table.module.css';

interface Props {
  title: string;
  head: string[];
  rows: { key: string; title: ReactNode; cells: ReactNode[] }[];
}

/** A table that scrolls horizontally if it is wider than the screen. */
export const DataTable = ({ title, head, rows }: Props) => (
  <div role="region" aria-label={title} tabIndex={0} className={classes.scroll}>
    <table className={classes.table}>
      <thead>
        <tr>
          {head.map((one) => (
            <th key={one} scope="col">
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.title}</th>
            {row.cells.map((cell, index) => (
              <td key={head[index + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
