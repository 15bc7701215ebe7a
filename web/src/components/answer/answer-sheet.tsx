import { Paper } from '@mantine/core';
import { type ReactNode, type Ref, useState } from 'react';

import classes from '@/components/answer/answer-sheet.module.css';
import { EvidenceControls, type EvidenceView } from '@/components/answer/evidence-controls';
import { ImageStage } from '@/components/answer/image-stage';
import type { Classification } from '@/lib/api-client';
import { messages } from '@/lib/messages';

interface Props {
  ref?: Ref<HTMLElement>;
  name: string;
  caption?: string | undefined;
  answer: Classification | undefined;
  busy?: boolean;
  /** Whether there will be no answer. */
  failed?: boolean;
  /** What to show of the image until the server shows it. */
  preview?: ReactNode;
  /** Stands above both. */
  summary?: ReactNode;
  /** Whether the answer stands right below the image where it cannot stand beside it. */
  answerFirst?: boolean;
  /** Stands beside the image, or below it. */
  children: ReactNode;
}

/** An image and what is said of it, side by side where there is room. */
export const AnswerSheet = ({
  ref,
  answer,
  failed,
  preview,
  summary,
  answerFirst,
  children,
  ...image
}: Props) => {
  const [view, setView] = useState<EvidenceView>({ shown: true, opacity: 0.5 });
  const evidence = { ...view, label: view.label ?? answer?.label };
  const controls = !failed && (
    <div className={classes.evidence}>
      <EvidenceControls view={evidence} onChange={setView} disabled={!answer} />
    </div>
  );
  return (
    <section ref={ref} tabIndex={-1} aria-label={messages.result} className={classes.sheet}>
      {summary}
      <div className={classes.parts} data-answer-first={answerFirst}>
        <ImageStage {...image} answer={answer} evidence={evidence}>
          {preview}
        </ImageStage>
        {!answerFirst && controls}
        <Paper className={classes.answer}>{children}</Paper>
        {answerFirst && controls}
      </div>
    </section>
  );
};
