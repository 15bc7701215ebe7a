import { Button, Text } from '@mantine/core';
import { useState } from 'react';

import { Answer } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import { ProblemMessage } from '@/components/ui/problem-message';
import { agreementOf } from '@/features/classify/agreement';
import { useAnswers } from '@/features/classify/api/classify';
import { Busy } from '@/features/classify/components/busy';
import { Comparison } from '@/features/classify/components/comparison';
import { LocalPreview } from '@/features/classify/components/local-preview';
import classes from '@/features/classify/components/result.module.css';
import { isSample, nameOf, type Picture } from '@/features/classify/picture';
import type { FeedbackOn } from '@/lib/feedback-slot';
import { messages } from '@/lib/messages';
import { ALL, titleOf, useModels } from '@/lib/models';

interface Props extends Picture {
  model: string;
  feedback: FeedbackOn;
  onOpen: () => void;
  onCancel: () => void;
}

/** A picture with what the chosen model says of it, or each model. */
export const Result = ({ turn, source, model, feedback, onOpen, onCancel }: Props) => {
  const { data: cards = [] } = useModels();
  const names = cards.map(({ name }) => name);
  const { data, error, isFetching, refetch } = useAnswers({ turn, source }, model, names);
  const [picked, setPicked] = useState<string>();

  const answers = data?.toSorted((a, b) => names.indexOf(a.model) - names.indexOf(b.model)) ?? [];
  const answer = answers.find((one) => one.model === picked) ?? answers[0];
  const problem = isFetching ? null : error;
  const comparing = model === ALL;
  const name = nameOf(source);
  const titled = (one: string) => titleOf(cards, one);
  const { words, apart } = agreementOf(answers, titled);

  return (
    <>
      <AnswerSheet
        ref={bringIntoView}
        name={name}
        caption={
          isSample(source) ? messages.samples.credit(name, source.credit, source.licence) : name
        }
        answer={answer}
        busy={isFetching}
        failed={problem !== null}
        summary={
          comparing && (
            <Text role="status" fw={600} className={classes.words}>
              {answers.length > 0 && words}
            </Text>
          )
        }
        preview={
          <LocalPreview
            source={source}
            otherwise={isFetching ? messages.previewLater : messages.noPreview}
          />
        }
      >
        {isFetching && <Busy onCancel={onCancel} />}
        {answer && (
          <Answer
            answer={answer}
            intro={comparing ? messages.compare.shown(titled(answer.model)) : undefined}
            action={
              <Button variant="default" radius="xl" onClick={onOpen}>
                {messages.another}
              </Button>
            }
            feedback={feedback(answer)}
          />
        )}
        {problem && (
          <ProblemMessage error={problem} onRetry={() => void refetch()} onAnother={onOpen} />
        )}
      </AnswerSheet>
      {comparing && !problem && (
        <Comparison
          names={names}
          answers={answers}
          titleOf={titled}
          apart={apart}
          shown={answer?.model}
          onShow={setPicked}
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
