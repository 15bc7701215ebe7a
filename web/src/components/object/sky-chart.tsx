import { useId } from 'react';

import { BRIGHT_STARS } from '@/components/object/bright-stars';
import classes from '@/components/object/sky-chart.module.css';
import {
  CHART,
  galacticEquator,
  pathThrough,
  project,
  range,
} from '@/components/object/sky-projection';
import { constellationName } from '@/lib/constellations';
import { useMessages } from '@/lib/messages';
import { formatDeclination, formatRightAscension } from '@/lib/sky-angles';

interface Props {
  /** Right ascension in degrees. */
  ra: number;
  /** Declination in degrees. */
  dec: number;
  /** The IAU abbreviation of the constellation. */
  constellation: string | null;
}

const EDGE = 179.99;
const PARALLELS = [-60, -30, 0, 30, 60].map((dec) =>
  pathThrough(range(-EDGE, EDGE, 5).map((ra) => project(ra, dec, 0))),
);
const MERIDIANS = range(-135, 135, 45).map((ra) =>
  pathThrough(range(-90, 90, 5).map((dec) => project(ra, dec, 0))),
);
const GRID = [...PARALLELS, ...MERIDIANS].join('');

/** Shows a position on a map of the whole sky. */
export const SkyChart = ({ ra, dec, constellation }: Props) => {
  const text = useMessages().object.chart;
  const clip = useId();
  const place =
    constellation === null
      ? text.somewhere
      : text.place({ constellation: constellationName(constellation) });
  // The position is never near the edge, where the chart is distorted.
  const centre = Math.round(ra / 90) * 90;
  const [x, y] = project(ra, dec, centre);
  const milkyWay = pathThrough(
    range(0, 360, 3).map((one) => project(...galacticEquator(one), centre)),
  );
  const described = text.described({
    place,
    ra: formatRightAscension(ra),
    dec: formatDeclination(dec),
  });
  return (
    <figure className={classes.figure}>
      <svg
        viewBox={`-2 -2 ${CHART.width + 4} ${CHART.height + 4}`}
        role="img"
        aria-label={described}
        className={classes.chart}
        data-night
      >
        <clipPath id={clip}>
          <Sky />
        </clipPath>
        <Sky className={classes.sky} />
        <g clipPath={`url(#${clip})`}>
          <path d={milkyWay} className={classes.milkyWay} strokeWidth={26} />
          <path d={milkyWay} className={classes.milkyWay} strokeWidth={12} />
          <path d={GRID} className={classes.grid} />
        </g>
        {BRIGHT_STARS.map(([starRa, starDec, magnitude]) => {
          const [starX, starY] = project(starRa, starDec, centre);
          return (
            <circle
              key={`${starRa} ${starDec}`}
              cx={starX.toFixed(1)}
              cy={starY.toFixed(1)}
              r={Math.max(0.5, 1.9 - magnitude * 0.45).toFixed(2)}
              className={classes.star}
            />
          );
        })}
        {[-90, 0, 90].map((offset) => {
          const [hourX, hourY] = project(offset, 0, 0);
          return (
            <text key={offset} x={hourX + 3} y={hourY - 3} className={classes.hour} aria-hidden>
              {((centre + offset + 360) % 360) / 15}h
            </text>
          );
        })}
        <g transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`} className={classes.marker}>
          <circle r={6} />
          <path d="M-13 0h7M6 0h7M0 -13v7M0 6v7" />
        </g>
      </svg>
      <figcaption className={classes.caption}>
        <strong>{place}</strong> <span>{text.explained}</span>
      </figcaption>
    </figure>
  );
};

const Sky = ({ className }: { className?: string | undefined }) => (
  <ellipse
    cx={CHART.width / 2}
    cy={CHART.height / 2}
    rx={CHART.width / 2}
    ry={CHART.height / 2}
    className={className}
  />
);
