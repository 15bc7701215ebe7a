import { Paper } from '@mantine/core';
import { useState } from 'react';

import { useClassification } from '@/features/classify/api/classify';
import { Answer } from '@/features/classify/components/answer';
import { Busy } from '@/features/classify/components/busy';
import {
  EvidenceControls,
  type EvidenceView,
} from '@/features/classify/components/evidence-controls';
import { PictureView } from '@/features/classify/components/picture-view';
import { ProblemMessage } from '@/features/classify/components/problem-message';
import classes from '@/features/classify/components/result.module.css';
import type { Picture } from '@/features/classify/picture';
import { messages } from '@/lib/messages';

interface Props extends Picture {
  onOpen: () => void;
  onCancel: () => void;
}

export const Result = ({ turn, source, onOpen, onCancel }: Props) => {
  const { data: answer, error, isFetching, refetch } = useClassification({ turn, source });
  const [view, setView] = useState<EvidenceView>({ shown: true, opacity: 0.5 });
  const problem = isFetching ? null : error;
  const label = view.label ?? answer?.label;

  return (
    <section
      ref={bringIntoView}
      tabIndex={-1}
      aria-label={messages.result}
      className={classes.result}
    >
      <PictureView
        source={source}
        answer={answer}
        busy={isFetching}
        evidence={{ ...view, label }}
      />
      <Paper className={classes.answer}>
        {isFetching && <Busy onCancel={onCancel} />}
        {answer && <Answer answer={answer} onAnother={onOpen} />}
        {problem && (
          <ProblemMessage error={problem} onRetry={() => void refetch()} onAnother={onOpen} />
        )}
      </Paper>
      {!problem && (
        <EvidenceControls view={{ ...view, label }} onChange={setView} disabled={!answer} />
      )}
    </section>
  );
};

/** What was chosen may lie far below, and the button that had the focus may be gone. */
const bringIntoView = (section: HTMLElement | null) => {
  section?.focus({ preventScroll: true });
  section?.scrollIntoView({ block: 'start' });
};
