import type { components } from '@/api/schema';
import classes from '@/components/stretch/stretch.module.css';
import { formatNumber } from '@/lib/format';
import { useMessages } from '@/lib/messages';

const WIDTH = 400;
const HEIGHT = 110;

interface Props {
  histogram: components['schemas']['Histogram'];
  /** The distance from the black point to the sky, in deviations of the noise. */
  shadows: number;
}

/** Draws the distribution of the values before the stretch, on a logarithmic scale. */
export const Histogram = ({ histogram, shadows }: Props) => {
  const text = useMessages().stretch;
  const { low, high, channels } = histogram;
  const x = (value: number) => ((value - low) / (high - low)) * WIDTH;
  const format = (value: number) => formatNumber(value, high - low > 100 ? 0 : 4);
  const highest = Math.log1p(Math.max(1, ...channels.flatMap(({ counts }) => counts)));
  return (
    <figure className={classes.histogram}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text.histogram}
      >
        {channels.map(({ counts, median, deviation }, channel) => {
          const black = Math.max(0, x(median - shadows * deviation));
          return (
            <g key={channel} data-channel={channels.length === 1 ? 'grey' : channel}>
              <path d={outline(counts, highest)} />
              <line x1={black} x2={black} y1={0} y2={HEIGHT} />
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>{format(low)}</span>
        <span>{text.blackLine}</span>
        <span>{format(high)}</span>
      </figcaption>
    </figure>
  );
};

const outline = (counts: readonly number[], highest: number): string => {
  const step = WIDTH / counts.length;
  const points = counts.map((count, index) => {
    const y = HEIGHT * (1 - Math.log1p(count) / highest);
    return `L${index * step},${y}H${(index + 1) * step}`;
  });
  return `M0,${HEIGHT}${points.join('')}V${HEIGHT}Z`;
};
