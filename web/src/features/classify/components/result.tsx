import { Paper } from '@mantine/core';

import { useClassification } from '@/features/classify/api/classify';
import { Answer } from '@/features/classify/components/answer';
import { Busy } from '@/features/classify/components/busy';
import { PictureView } from '@/features/classify/components/picture-view';
import { ProblemMessage } from '@/features/classify/components/problem-message';
import classes from '@/features/classify/components/result.module.css';
import type { Picture } from '@/features/classify/picture';
import { messages } from '@/lib/messages';

interface Props extends Picture {
  onOpen: () => void;
  onCancel: () => void;
}

export const Result = ({ onOpen, onCancel, ...picture }: Props) => {
  const { data: answer, error, isFetching, refetch } = useClassification(picture);
  return (
    <section ref={bringIntoView} tabIndex={-1} aria-label={messages.result} className={classes.result}>
      <PictureView source={picture.source} answer={answer} busy={isFetching} />
      <Paper className={classes.answer}>
        {isFetching && <Busy onCancel={onCancel} />}
        {answer && <Answer answer={answer} onAnother={onOpen} />}
        {!isFetching && error && (
          <ProblemMessage error={error} onRetry={() => void refetch()} onAnother={onOpen} />
        )}
      </Paper>
    </section>
  );
};

/** What was chosen may lie far below, and the button that had the focus may be gone. */
const bringIntoView = (section: HTMLElement | null) => {
  section?.focus({ preventScroll: true });
  section?.scrollIntoView({ block: 'start' });
};
