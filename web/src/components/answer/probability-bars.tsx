import type { CSSProperties } from 'react';

import classes from '@/components/answer/probability-bars.module.css';
import type { Classification, Label } from '@/lib/api-client';
import { formatPercent } from '@/lib/format';
import { colourOf, LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';

interface Props {
  probabilities: Classification['probabilities'];
  label: Label;
}

export const ProbabilityBars = ({ probabilities, label }: Props) => (
  <ul className={classes.bars} aria-label={messages.probabilities}>
    {LABELS.map((one) => (
      <li key={one} data-chosen={one === label || undefined}>
        <Bar label={one} probability={probabilities[one]} />
      </li>
    ))}
  </ul>
);

const Bar = ({ label, probability }: { label: Label; probability: number }) => (
  <div
    role="meter"
    aria-label={messages.labels[label]}
    aria-valuemin={0}
    aria-valuemax={1}
    aria-valuenow={probability}
    aria-valuetext={formatPercent(probability)}
  >
    <div className={classes.text}>
      <span>{messages.labels[label]}</span>
      <span className={classes.percentage}>{formatPercent(probability)}</span>
    </div>
    <div
      className={classes.bar}
      style={{ '--probability': probability, '--colour': colourOf(label) } as CSSProperties}
    />
  </div>
);
