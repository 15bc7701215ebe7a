import type { Epoch } from '@/features/models/card';
import { Chart, type Scale } from '@/features/models/components/chart';
import classes from '@/features/models/components/chart.module.css';
import { messages } from '@/lib/messages';

interface Props {
  /** While all but the last layers stood still. */
  head: Epoch[];
  /** While the whole network learned. */
  fineTuning: Epoch[];
}

const text = messages.performance.training;
const STEP = 5;

/** How the network got better while it learned, on what it learned from and on other images. */
export const TrainingCurves = ({ head, fineTuning }: Props) => {
  const epochs = [...head, ...fineTuning];
  const lowest = Math.min(...epochs.flatMap((one) => [one.accuracy, one.val_accuracy]));
  const last = epochs.length;
  const ticks = [1, ...Array.from({ length: Math.floor(last / STEP) }, (_, i) => (i + 1) * STEP)];
  return (
    <>
      <Chart
        title={text.described}
        domain={[1, last]}
        from={Math.floor(lowest * 10) / 10}
        xTicks={ticks}
        xLabel={text.epoch}
        yLabel={text.accuracy}
        formatX={String}
      >
        {(scale) => (
          <>
            {head.length > 0 && fineTuning.length > 0 && (
              <path
                d={`M${scale.x(head.length + 0.5)} ${scale.y(1)}V${scale.y(Math.floor(lowest * 10) / 10)}`}
                className={classes.ideal}
              />
            )}
            <path d={line(epochs, 'accuracy', scale)} className={classes.second} />
            <path d={line(epochs, 'val_accuracy', scale)} className={classes.first} />
          </>
        )}
      </Chart>
      <ul className={classes.legend}>
        <Entry className={classes.first} name={text.validation} />
        <Entry className={classes.second} name={text.learned} />
        <Entry className={classes.ideal} name={text.stages} />
      </ul>
    </>
  );
};

const line = (epochs: Epoch[], what: keyof Epoch, { x, y }: Scale): string =>
  epochs.map((one, index) => `${index === 0 ? 'M' : 'L'}${x(index + 1)} ${y(one[what])}`).join('');

const Entry = ({ className, name }: { className: string | undefined; name: string }) => (
  <li>
    <svg viewBox="0 0 24 10" aria-hidden>
      <path d="M0 5H24" className={className} />
    </svg>
    {name}
  </li>
);
