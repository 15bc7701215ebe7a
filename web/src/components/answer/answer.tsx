import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import { AnswerDetails } from '@/components/answer/answer-details';
import classes from '@/components/answer/answer.module.css';
import { ProbabilityBars } from '@/components/answer/probability-bars';
import { VerdictBadge } from '@/components/answer/verdict-badge';
import { LearnLink } from '@/components/ui/learn-link';
import type { Classification } from '@/lib/api-client';
import { messages } from '@/lib/messages';
import { explanation, headline } from '@/lib/wording';

interface Props {
  answer: Classification;
  /** What to know before reading it. */
  intro?: string | undefined;
  /** What can be done with the answer as a whole. */
  action: ReactNode;
  /** Where people say what they think of the answer. */
  feedback: ReactNode;
}

export const Answer = ({ answer, intro, action, feedback }: Props) => {
  const { what, sure } = headline(answer);
  return (
    <div className={classes.answer}>
      <Group justify="space-between">
        <VerdictBadge verdict={answer.verdict} />
        {action}
      </Group>
      <div role="status">
        {intro && <Text mb="xs">{intro}</Text>}
        <Title order={2} className={classes.headline}>
          {what}
          {sure && <span className={classes.sure}>, {sure}</span>}
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
