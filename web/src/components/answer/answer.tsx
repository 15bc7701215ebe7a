import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from '@/components/answer/answer.module.css';
import { AnswerDetails } from '@/components/answer/answer-details';
import { ProbabilityBars } from '@/components/answer/probability-bars';
import { VerdictBadge } from '@/components/answer/verdict-badge';
import { LearnLink } from '@/components/ui/learn-link';
import { explanation, headline } from '@/lib/answer-text';
import type { Classification } from '@/lib/api-client';
import { messages } from '@/lib/messages';

interface Props {
  answer: Classification;
  /** The content above the headline. */
  intro?: string | undefined;
  /** Buttons next to the verdict, such as “Another image”. */
  action: ReactNode;
  /** The feedback panel. */
  feedback: ReactNode;
}

export const Answer = ({ answer, intro, action, feedback }: Props) => {
  const { text, certainty } = headline(answer);
  return (
    <div className={classes.answer}>
      <Group justify="space-between">
        <VerdictBadge verdict={answer.verdict} />
        {action}
      </Group>
      <div role="status">
        {intro && <Text mb="xs">{intro}</Text>}
        <Title order={2} className={classes.headline}>
          {text}
          {certainty && <span className={classes.certainty}>, {certainty}</span>}
        </Title>
        <Text c="dimmed" mt={4}>
          {explanation(answer)} <LearnLink to="figures#set">{messages.learn.verdict}</LearnLink>
        </Text>
      </div>
      <ProbabilityBars probabilities={answer.probabilities} label={answer.label} />
      {feedback}
      <AnswerDetails answer={answer} />
    </div>
  );
};
