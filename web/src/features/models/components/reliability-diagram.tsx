import { DataTable } from '@/components/ui/data-table';
import { Chart } from '@/features/models/components/chart';
import classes from '@/features/models/components/chart.module.css';
import type { ConfidenceBin } from '@/features/models/model-card';
import { formatCount, formatPercent, formatRoundPercent } from '@/lib/format';
import { useMessages } from '@/lib/messages';

const MIN_RADIUS = 1.5;
const MAX_RADIUS = 9;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;

/** A reliability diagram: accuracy plotted against confidence. */
export const ReliabilityDiagram = ({ bins }: { bins: ConfidenceBin[] }) => {
  const messages = useMessages();
  const text = messages.performance.reliability;
  return (
    <>
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
                  {text.bin({
                    confidence: formatPercent(confidence),
                    accuracy: formatPercent(value),
                    images: formatCount(images),
                  })}
                </title>
                <path d={`M${x(confidence)} ${y(low)}V${y(high)}`} className={classes.range} />
                <circle
                  cx={x(confidence)}
                  cy={y(value)}
                  r={radius(images, most(bins))}
                  className={classes.dot}
                />
              </g>
            ))}
          </>
        )}
      </Chart>
      <details className={classes.bins}>
        <summary>{text.table}</summary>
        <DataTable
          title={text.table}
          head={[text.confidence, text.accuracy, text.images]}
          rows={bins.map(({ confidence, images, value, low, high }) => ({
            key: String(confidence),
            title: formatPercent(confidence),
            cells: [
              messages.performance.interval({
                value: formatPercent(value),
                low: formatPercent(low),
                high: formatPercent(high),
              }),
              formatCount(images),
            ],
          }))}
        />
      </details>
    </>
  );
};

/** Returns the radius of a dot, whose area is proportional to the number of images in the bin. */
const radius = (images: number, largest: number): number =>
  Math.max(MIN_RADIUS, MAX_RADIUS * Math.sqrt(images / largest));

const most = (bins: ConfidenceBin[]): number => Math.max(...bins.map(({ images }) => images));
