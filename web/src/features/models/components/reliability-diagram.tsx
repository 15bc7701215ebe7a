import { Chart } from '@/features/models/components/chart';
import classes from '@/features/models/components/chart.module.css';
import type { ConfidenceBin } from '@/features/models/model-card';
import { formatCount, formatPercent, formatRoundPercent } from '@/lib/format';
import { messages } from '@/lib/messages';

const text = messages.performance.reliability;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

/** A reliability diagram: accuracy plotted against confidence. */
export const ReliabilityDiagram = ({ bins }: { bins: ConfidenceBin[] }) => (
  <Chart
    title={text.described}
    domain={[0, 1]}
    from={0}
    xTicks={TICKS}
    xLabel={text.confidence}
    yLabel={text.accuracy}
    formatX={formatRoundPercent}
  >
    {({ x, y }) => (
      <>
        <path d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} className={classes.ideal} />
        {bins.map(({ confidence, images, value, low, high }) => (
          <g key={confidence}>
            <title>
              {text.bin(formatPercent(confidence), formatPercent(value), formatCount(images))}
            </title>
            <path d={`M${x(confidence)} ${y(low)}V${y(high)}`} className={classes.range} />
            <circle cx={x(confidence)} cy={y(value)} r={radius(images)} className={classes.dot} />
          </g>
        ))}
      </>
    )}
  </Chart>
);

/** Returns the radius of a dot. The radius grows with the number of images in the bin. */
const radius = (images: number): number => Math.min(8, 2.5 + Math.log10(images + 1) * 1.8);
