import type { ConfidenceBin } from '@/features/models/card';
import { Chart } from '@/features/models/components/chart';
import classes from '@/features/models/components/chart.module.css';
import { formatCount, formatRoundShare, formatShare } from '@/lib/format';
import { messages } from '@/lib/messages';

const text = messages.performance.reliability;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

/** How often the model was right where it was about as sure. */
export const ReliabilityDiagram = ({ groups }: { groups: ConfidenceBin[] }) => (
  <Chart
    title={text.described}
    domain={[0, 1]}
    from={0}
    xTicks={TICKS}
    xLabel={text.sureness}
    yLabel={text.right}
    formatX={formatRoundShare}
  >
    {({ x, y }) => (
      <>
        <path d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} className={classes.ideal} />
        {groups.map(({ confidence, images, value, low, high }) => (
          <g key={confidence}>
            <title>
              {text.group(formatShare(confidence), formatShare(value), formatCount(images))}
            </title>
            <path d={`M${x(confidence)} ${y(low)}V${y(high)}`} className={classes.range} />
            <circle cx={x(confidence)} cy={y(value)} r={radius(images)} className={classes.dot} />
          </g>
        ))}
      </>
    )}
  </Chart>
);

/** More images, more weight. */
const radius = (images: number): number => Math.min(8, 2.5 + Math.log10(images + 1) * 1.8);
