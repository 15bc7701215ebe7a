import type { CSSProperties } from 'react';

import classes from '@/components/answer/tile.module.css';
import { VerdictBadge } from '@/components/answer/verdict-badge';
import type { Classification } from '@/lib/api-client';
import { colourOf } from '@/lib/labels';
import { messages } from '@/lib/messages';

/** Shows a classification in two lines: the label and the verdict. */
export const AnswerSummary = ({ answer }: { answer: Classification }) => (
  <>
    <span
      className={classes.label}
      style={{ '--colour': colourOf(answer.label) } as CSSProperties}
    >
      {messages.labels[answer.label]}
    </span>
    <span>
      <VerdictBadge verdict={answer.verdict} size="md" />
    </span>
  </>
);
