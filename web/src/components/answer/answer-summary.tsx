import type { CSSProperties } from 'react';

import classes from '@/components/answer/tile.module.css';
import { VerdictBadge } from '@/components/answer/verdict-badge';
import type { AnswerSummary as Answer } from '@/lib/api-client';
import { colourOf, labelName } from '@/lib/labels';
import { identified, objectName } from '@/lib/object-text';

/** Shows a classification in a few lines: the label, the name of the object, and the verdict. */
export const AnswerSummary = ({ answer }: { answer: Answer }) => {
  const object = identified(answer);
  return (
    <>
      <span
        className={classes.label}
        style={{ '--colour': colourOf(answer.label) } as CSSProperties}
      >
        {labelName(answer.label)}
      </span>
      {object && <span className={classes.object}>{objectName(object)}</span>}
      <span>
        <VerdictBadge verdict={answer.verdict} size="md" />
      </span>
    </>
  );
};
