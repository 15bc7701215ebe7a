import classes from '@/features/models/components/interval.module.css';
import { formatShare } from '@/lib/format';
import { messages } from '@/lib/messages';

interface Props {
  estimate: { value: number; low: number; high: number };
  /** The lower end of the scale. */
  from: number;
}

const WIDTH = 100;
const HALF = 6;

/** A share with its confidence interval, as text and as a graphic. */
export const Interval = ({ estimate: { value, low, high }, from }: Props) => {
  const x = (share: number) => (Math.max(0, share - from) / (1 - from)) * WIDTH;
  return (
    <>
      {messages.performance.interval(formatShare(value), formatShare(low), formatShare(high))}
      <svg
        viewBox={`-4 0 ${WIDTH + 8} ${2 * HALF}`}
        preserveAspectRatio="none"
        className={classes.interval}
        aria-hidden
      >
        <path d={`M0 ${HALF}H${WIDTH}`} className={classes.track} />
        <path d={`M${x(low)} ${HALF}H${x(high)}`} className={classes.range} />
        <circle cx={x(value)} cy={HALF} r={3.2} className={classes.value} />
      </svg>
    </>
  );
};
