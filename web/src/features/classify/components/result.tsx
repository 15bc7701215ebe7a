import { Text } from '@mantine/core';
import { useMergedRef } from '@mantine/hooks';
import { type ReactNode, useRef, useState } from 'react';

import { Answer } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import stage from '@/components/answer/image-stage.module.css';
import { ProblemMessage } from '@/components/ui/problem-message';
import { agreementOf } from '@/features/classify/agreement';
import { useAnswers } from '@/features/classify/api/answers';
import { Busy } from '@/features/classify/components/busy';
import { Comparison } from '@/features/classify/components/comparison';
import { LocalImage } from '@/features/classify/components/local-image';
import classes from '@/features/classify/components/result.module.css';
import { errorOf, isSample, nameOf, type Image } from '@/features/classify/image';
import type { FeedbackOn } from '@/lib/feedback-slot';
import { messages } from '@/lib/messages';
import { ALL, titleOf, useModels } from '@/lib/models';

interface Props {
  image: Image;
  model: string;
  /** Whether the server is too busy for now. */
  isHeld: boolean;
  /** Whether it is to come into view. */
  isNew: boolean;
  feedback: FeedbackOn;
  /** Leads to the images beside it, where there are any. */
  navigation?: ReactNode;
  /** What can be done with the answer as a whole. */
  action?: ReactNode;
  onCancel: () => void;
  onRetry: () => void;
  /** Asks for another image in its place. */
  onAnother?: (() => void) | undefined;
}

/** An image with what the chosen model says of it, or each model. */
export const Result = ({ image, model, isHeld, isNew, navigation, ...props }: Props) => {
  const { turn, source, step } = image;
  const { data: models = [] } = useModels();
  const [picked, setPicked] = useState<string>();
  const sheet = useRef<HTMLElement>(null);
  const ref = useMergedRef(sheet, isNew ? bringIntoView : null);
  const names = models.map(({ name }) => name);
  const answers = (useAnswers(turn, model) ?? []).toSorted(
    (a, b) => names.indexOf(a.model) - names.indexOf(b.model),
  );
  const answer = answers.find((one) => one.model === picked) ?? answers[0];
  const problem = errorOf(image);
  const isBusy = answer === undefined && problem === undefined;
  const isComparing = model === ALL;
  const name = nameOf(source);
  const titled = (one: string) => titleOf(models, one);
  const { words, apart } = agreementOf(answers, titled);

  return (
    <>
      <AnswerSheet
        ref={ref}
        name={name}
        caption={
          isSample(source) ? messages.samples.credit(name, source.credit, source.licence) : name
        }
        answer={answer}
        busy={isBusy}
        failed={problem !== undefined}
        summary={
          <>
            {navigation}
            {isComparing && (
              <Text role="status" fw={600} className={classes.words}>
                {answers.length > 0 && words}
              </Text>
            )}
          </>
        }
        preview={
          <LocalImage
            source={source}
            className={stage.layer}
            otherwise={<p>{isBusy ? messages.previewLater : messages.noPreview}</p>}
          />
        }
      >
        {isBusy && <Busy step={step} isHeld={isHeld} onCancel={props.onCancel} />}
        {answer && (
          <Answer
            answer={answer}
            intro={isComparing ? messages.compare.shown(titled(answer.model)) : undefined}
            action={props.action}
            feedback={props.feedback(answer)}
          />
        )}
        {problem && (
          <ProblemMessage
            error={problem}
            onRetry={props.onRetry}
            {...(props.onAnother && { onAnother: props.onAnother })}
          />
        )}
      </AnswerSheet>
      {isComparing && !problem && (
        <Comparison
          names={names}
          answers={answers}
          titleOf={titled}
          apart={apart}
          shown={answer?.model}
          onShow={(one) => {
            setPicked(one);
            bringIntoView(sheet.current);
          }}
        />
      )}
    </>
  );
};

/** What was chosen may lie far below, and the button that had the focus may be gone. */
const bringIntoView = (section: HTMLElement | null) => {
  section?.focus({ preventScroll: true });
  section?.scrollIntoView({ block: 'start' });
};
