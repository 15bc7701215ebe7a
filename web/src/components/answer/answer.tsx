import { Text, Title } from '@mantine/core';
import { type ReactNode, Suspense, useEffect } from 'react';

import classes from '@/components/answer/answer.module.css';
import { ProbabilityBars } from '@/components/answer/probability-bars';
import { ReadOn } from '@/components/answer/read-on';
import { VerdictBadge } from '@/components/answer/verdict-badge';
import { LearnLink } from '@/components/ui/learn-link';
import { explanation, headline } from '@/lib/answer-text';
import type { Classification } from '@/lib/api-client';
import { kindText } from '@/lib/kind-text';
import { useMessages } from '@/lib/messages';
import { useModels } from '@/lib/models';
import { markSeen } from '@/lib/seen-answers';

interface HeadProps {
  answer: Classification;
  /** The text above the headline. */
  intro?: string | undefined;
  /** The feedback panel. */
  feedback: ReactNode;
}

/** The answer in one glance: verdict, headline and feedback. */
export const AnswerHead = ({ answer, intro, feedback }: HeadProps) => {
  const { text, certainty } = headline(answer);
  useEffect(() => {
    markSeen(answer.image_sha256);
  }, [answer.image_sha256]);
  return (
    <div className={classes.head}>
      <VerdictBadge verdict={answer.verdict} />
      <div role="status">
        {intro && <Text size="sm">{intro}</Text>}
        <Title order={2} className={classes.headline}>
          {text}
          {certainty && <span className={classes.certainty}>, {certainty}</span>}
        </Title>
      </div>
      <Suspense>{feedback}</Suspense>
    </div>
  );
};

/** What the answer is based on: explanation and probabilities. */
export const AnswerBody = ({ answer }: { answer: Classification }) => {
  const messages = useMessages();
  return (
    <div className={classes.body}>
      <Text c="dimmed">
        {explanation(answer)} <LearnLink to="figures#set">{messages.learn.verdict}</LearnLink>
      </Text>
      <KindLine answer={answer} />
      <ProbabilityBars probabilities={answer.probabilities} label={answer.label} />
      <ReadOn answer={answer} />
    </div>
  );
};

const KindLine = ({ answer }: { answer: Classification }) => {
  const { data: models } = useModels();
  const model = models?.find(({ name }) => name === answer.model);
  const text = kindText(answer, model?.predicts_kinds ?? false);
  return text && <Text>{text}</Text>;
};
