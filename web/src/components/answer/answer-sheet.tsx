import { Paper, Switch } from '@mantine/core';
import { type ReactNode, type Ref, useState } from 'react';

import classes from '@/components/answer/answer-sheet.module.css';
import { EvidenceControls, type EvidenceView } from '@/components/answer/evidence-controls';
import { ImageStage } from '@/components/answer/image-stage';
import { ObjectSection } from '@/components/object/object-section';
import type { Classification } from '@/lib/api-client';
import { LABELS, labelsOf } from '@/lib/labels';
import { messages } from '@/lib/messages';

interface Props {
  ref?: Ref<HTMLElement>;
  name: string;
  caption?: string | undefined;
  answer: Classification | undefined;
  busy?: boolean;
  /** Whether the classification failed. */
  failed?: boolean;
  /** The placeholder that is shown until the server's preview is loaded. */
  preview?: ReactNode;
  /** The content above the image and its classification. */
  summary?: ReactNode;
  /** Whether the classification is above the evidence controls in the single-column layout. */
  answerFirst?: boolean;
  /** The elements that show the classification. */
  children: ReactNode;
}

/** Shows an image and its classification, side by side on wide screens. */
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
  const [areObjectsShown, setAreObjectsShown] = useState(true);
  const evidence = { ...view, label: view.label ?? answer?.label };
  const controls = !failed && (
    <div className={classes.evidence}>
      <EvidenceControls
        view={evidence}
        labels={answer ? labelsOf(answer) : LABELS}
        onChange={setView}
        disabled={!answer}
      >
        {answer && answer.objects.length > 0 && (
          <Switch
            label={messages.object.show}
            checked={areObjectsShown}
            onChange={({ currentTarget }) => {
              setAreObjectsShown(currentTarget.checked);
            }}
          />
        )}
      </EvidenceControls>
    </div>
  );
  return (
    <section ref={ref} tabIndex={-1} aria-label={messages.result} className={classes.sheet}>
      {summary}
      <div className={classes.parts} data-answer-first={answerFirst}>
        <ImageStage
          {...image}
          answer={answer}
          evidence={evidence}
          areObjectsShown={areObjectsShown}
        >
          {preview}
        </ImageStage>
        {!answerFirst && controls}
        <Paper className={classes.answer}>{children}</Paper>
        {answerFirst && controls}
      </div>
      {answer && !answerFirst && <ObjectSection answer={answer} />}
    </section>
  );
};
