import type { CSSProperties } from 'react';

import classes from '@/components/answer/probability-bars.module.css';
import type { Classification, Label } from '@/lib/api-client';
import { formatPercent } from '@/lib/format';
import { colourOf, labelName, labelsOf } from '@/lib/labels';
import { useMessages } from '@/lib/messages';

interface Props {
  probabilities: Classification['probabilities'];
  label: Label;
}

interface BarProps {
  label: Label;
  probability: number;
  colour: string;
}

export const ProbabilityBars = ({ probabilities, label }: Props) => {
  const messages = useMessages();
  return (
    <ul className={classes.bars} aria-label={messages.probabilities}>
      {Object.entries(probabilities).map(([one, probability]) => (
        <li key={one} data-chosen={one === label || undefined}>
          <Bar
            label={one}
            probability={probability}
            colour={colourOf(one, labelsOf({ probabilities }))}
          />
        </li>
      ))}
    </ul>
  );
};

const Bar = ({ label, probability, colour }: BarProps) => (
  <div
    role="meter"
    aria-label={labelName(label)}
    aria-valuemin={0}
    aria-valuemax={1}
    aria-valuenow={probability}
    aria-valuetext={formatPercent(probability)}
  >
    <div className={classes.text}>
      <span>{labelName(label)}</span>
      <span className={classes.percentage}>{formatPercent(probability)}</span>
    </div>
    <div
      className={classes.bar}
      style={{ '--probability': probability, '--colour': colour } as CSSProperties}
    />
  </div>
);
