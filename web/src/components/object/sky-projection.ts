/** A point on the chart, in units of the chart. */
export type Point = readonly [x: number, y: number];

/** The size of the chart of the whole sky: an ellipse, twice as wide as high. */
export const CHART = { width: 360, height: 180 } as const;

const RADIANS = Math.PI / 180;
const NORTH_GALACTIC_POLE = { ra: 192.85948, dec: 27.12825 };
/** The galactic longitude of the north celestial pole. */
const POLE_LONGITUDE = 122.93192;

/** Returns an angle in degrees between −180 and 180. */
const wrap = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;

/**
 * Projects a position on the sky by the Hammer projection, which preserves areas. East is left.
 *
 * `centre` is the right ascension in the middle of the chart. All angles are in degrees.
 */
export const project = (ra: number, dec: number, centre: number): Point => {
  const longitude = wrap(ra - centre) * RADIANS;
  const latitude = dec * RADIANS;
  const scale = Math.sqrt(1 + Math.cos(latitude) * Math.cos(longitude / 2));
  const x = (Math.cos(latitude) * Math.sin(longitude / 2)) / scale;
  const y = Math.sin(latitude) / scale;
  return [(CHART.width / 2) * (1 - x), (CHART.height / 2) * (1 - y)];
};

/** Returns the right ascension and declination of a galactic longitude on the galactic equator. */
export const galacticEquator = (longitude: number): [ra: number, dec: number] => {
  const angle = (POLE_LONGITUDE - longitude) * RADIANS;
  const pole = NORTH_GALACTIC_POLE.dec * RADIANS;
  const dec = Math.asin(Math.cos(pole) * Math.cos(angle));
  const ra = Math.atan2(Math.sin(angle), -Math.sin(pole) * Math.cos(angle));
  return [(NORTH_GALACTIC_POLE.ra + ra / RADIANS + 360) % 360, dec / RADIANS];
};

/** Returns an SVG path through points, interrupted where it leaves one edge of the chart. */
export const pathThrough = (points: readonly Point[]): string =>
  points
    .map(([x, y], index) => {
      const previous = points[index - 1];
      const isConnected = previous !== undefined && Math.abs(previous[0] - x) < CHART.width / 4;
      return `${isConnected ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');

/** Returns the numbers from `from` to `to`. */
export const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
