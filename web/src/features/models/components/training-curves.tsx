import { Chart, type Scale } from '@/features/models/components/chart';
import classes from '@/features/models/components/chart.module.css';
import type { Epoch } from '@/features/models/model-card';
import { useMessages } from '@/lib/messages';

interface Props {
  /** The epochs in which only the head was trained. */
  head: Epoch[];
  /** The epochs in which the whole network was trained. */
  fineTuning: Epoch[];
  /** The number of stages at the start of the network that were not trained. */
  frozenStages: number;
}

const TICK_STEP = 5;

/** A chart of the training and validation accuracy after each epoch. */
export const TrainingCurves = ({ head, fineTuning, frozenStages }: Props) => {
  const text = useMessages().performance.training;
  const epochs = [...head, ...fineTuning];
  const lowest = Math.min(...epochs.flatMap((one) => [one.accuracy, one.val_accuracy]));
  const last = epochs.length;
  const ticks = [
    1,
    ...Array.from({ length: Math.floor(last / TICK_STEP) }, (_, i) => (i + 1) * TICK_STEP),
  ];
  return (
    <>
      <Chart
        title={text.described}
        domain={[1, last]}
        from={lowest}
        xTicks={ticks}
        xLabel={text.epoch}
        yLabel={text.accuracy}
        formatX={String}
      >
        {(scale) => (
          <>
            {head.length > 0 && fineTuning.length > 0 && (
              <path
                d={`M${scale.x(head.length + 0.5)} ${scale.y(1)}V${scale.y(scale.lowest)}`}
                className={classes.ideal}
              />
            )}
            <path d={line(epochs, 'accuracy', scale)} className={classes.second} />
            <path d={line(epochs, 'val_accuracy', scale)} className={classes.first} />
          </>
        )}
      </Chart>
      <ul className={classes.legend}>
        <LegendItem className={classes.first} name={text.validation} />
        <LegendItem
          className={classes.second}
          name={fineTuning.length > 0 ? text.training : text.trainingUnaltered}
        />
        {head.length > 0 && fineTuning.length > 0 && (
          <LegendItem className={classes.ideal} name={text.fineTuning} />
        )}
      </ul>
      <p className={classes.note}>
        {fineTuning.length === 0
          ? text.headOnly
          : (head.length > 0 ? text.stepsWithHead : text.steps)({ frozenStages })}
      </p>
    </>
  );
};

const line = (epochs: Epoch[], metric: keyof Epoch, { x, y }: Scale): string =>
  epochs
    .map((one, index) => `${index === 0 ? 'M' : 'L'}${x(index + 1)} ${y(one[metric])}`)
    .join('');

const LegendItem = ({ className, name }: { className: string | undefined; name: string }) => (
  <li>
    <svg viewBox="0 0 24 10" aria-hidden>
      <path d="M0 5H24" className={className} />
    </svg>
    {name}
  </li>
);
