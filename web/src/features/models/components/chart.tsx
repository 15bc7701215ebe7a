import type { ReactNode } from 'react';

import classes from '@/features/models/components/chart.module.css';
import { formatRoundPercent } from '@/lib/format';

const WIDTH = 400;
const HEIGHT = 260;
const LEFT = 46;
const BOTTOM = 40;
const TOP = 10;
const RIGHT = 10;

/** Maps values to SVG coordinates. */
export interface Scale {
  x: (value: number) => number;
  y: (proportion: number) => number;
  /** The minimum of the y axis. */
  lowest: number;
}

/** Steps between ticks, in percent. All ticks are whole percentages. */
const STEPS = [1, 2, 5, 10, 20, 25];
const MAX_INTERVALS = 5;

/** Returns the ticks of a scale of proportions from 1 down to at most `from`. */
export const ticksFrom = (from: number): number[] => {
  const range = Math.round((1 - from) * 10_000) / 100;
  const step = STEPS.find((one) => range / one <= MAX_INTERVALS) ?? 25;
  const intervals = Math.max(1, Math.ceil(range / step));
  return Array.from({ length: intervals + 1 }, (_, i) => (100 - i * step) / 100);
};

interface Props {
  /** The description of the chart for screen readers. */
  title: string;
  /** The minimum and maximum of the x axis. */
  domain: readonly [number, number];
  /** A value that the y axis contains; its maximum is 1. */
  from: number;
  xTicks: readonly number[];
  xLabel: string;
  yLabel: string;
  formatX: (value: number) => string;
  children: (scale: Scale) => ReactNode;
}

/** A chart with axes; the y axis shows proportions as percentages. */
export const Chart = (props: Props) => {
  const { title, domain, from, xTicks, xLabel, yLabel, formatX, children } = props;
  const [first, last] = domain;
  const x = (value: number) =>
    LEFT + ((value - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT);
  const yTicks = ticksFrom(from);
  const lowest = yTicks.at(-1) ?? 0;
  const y = (proportion: number) =>
    TOP + ((1 - proportion) / (1 - lowest)) * (HEIGHT - TOP - BOTTOM);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} className={classes.chart}>
      {yTicks.map((proportion) => (
        <g key={proportion}>
          <path d={`M${LEFT} ${y(proportion)}H${WIDTH - RIGHT}`} className={classes.grid} />
          <text x={LEFT - 6} y={y(proportion) + 4} textAnchor="end" className={classes.tick}>
            {formatRoundPercent(proportion)}
          </text>
        </g>
      ))}
      {xTicks.map((value) => (
        <text
          key={value}
          x={x(value)}
          y={HEIGHT - BOTTOM + 16}
          textAnchor="middle"
          className={classes.tick}
        >
          {formatX(value)}
        </text>
      ))}
      <text x={(WIDTH + LEFT) / 2} y={HEIGHT - 6} textAnchor="middle" className={classes.axis}>
        {xLabel}
      </text>
      <text
        transform={`translate(10 ${(HEIGHT - BOTTOM) / 2}) rotate(-90)`}
        textAnchor="middle"
        className={classes.axis}
      >
        {yLabel}
      </text>
      {children({ x, y, lowest })}
    </svg>
  );
};
