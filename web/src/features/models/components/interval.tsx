import classes from '@/features/models/components/interval.module.css';
import { formatPercent } from '@/lib/format';
import { useMessages } from '@/lib/messages';

interface Props {
  estimate: { value: number; low: number; high: number };
  /** The lower end of the graphic's scale. */
  from: number;
}

const WIDTH = 100;
const HALF = 6;

/** Shows a proportion with its confidence interval as text and as a graphic. */
export const Interval = ({ estimate: { value, low, high }, from }: Props) => {
  const messages = useMessages();
  const x = (proportion: number) => (Math.max(0, proportion - from) / (1 - from)) * WIDTH;
  return (
    <>
      {messages.performance.interval({
        value: formatPercent(value),
        low: formatPercent(low),
        high: formatPercent(high),
      })}
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
