import classes from '@/components/ui/star-field.module.css';

const WIDTH = 1200;
const HEIGHT = 420;
const SIZES = [1, 1.6, 2.6];

/** Returns a seeded pseudo-random number generator for the range 0 to 1 (Park and Miller, 1988). */
const sequence = (seed: number) => () => (seed = (seed * 16807) % 2147483647) / 2147483647;

/** Returns stars: two thirds along a diagonal band (the Milky Way), and one third anywhere. */
const place = (next: () => number): string => {
  const x = next() * WIDTH;
  const offset = (next() + next() + next() - 1.5) * HEIGHT * 0.3;
  const y = next() < 0.33 ? next() * HEIGHT : HEIGHT / 2 + (WIDTH / 2 - x) * 0.2 + offset;
  return `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
};

const stars = (count: number, seed: number): string => {
  const next = sequence(seed);
  return Array.from({ length: count }, () => place(next)).join('');
};

const paths = SIZES.map((size, faint) => ({
  size,
  path: stars([420, 130, 22][faint] ?? 0, 11 + faint),
}));

/** A decorative night sky as a background. */
export const StarField = () => (
  <div className={classes.sky} aria-hidden>
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="xMidYMid slice"
      className={classes.stars}
    >
      {paths.map(({ size, path }) => (
        <path key={size} d={path} strokeWidth={size} />
      ))}
    </svg>
  </div>
);
