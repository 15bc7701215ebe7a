import { Badge, Button, Group, Text, Title } from '@mantine/core';

import { AnswerDetails } from '@/features/classify/components/answer-details';
import classes from '@/features/classify/components/answer.module.css';
import { ProbabilityBars } from '@/features/classify/components/probability-bars';
import { explanation, headline } from '@/features/classify/wording';
import type { Classification, Verdict } from '@/lib/api-client';
import { messages } from '@/lib/messages';

const COLOURS: Record<Verdict, string> = {
  confident: 'teal',
  unsure: 'yellow',
  unfamiliar: 'grape',
};

interface Props {
  answer: Classification;
  onAnother: () => void;
}

export const Answer = ({ answer, onAnother }: Props) => {
  const { what, sure } = headline(answer);
  return (
    <div className={classes.answer}>
      <Group justify="space-between">
        <Badge color={COLOURS[answer.verdict]} variant="dot" size="lg" tt="none" fw={600}>
          {messages.verdicts[answer.verdict]}
        </Badge>
        <Button variant="default" radius="xl" onClick={onAnother}>
          {messages.another}
        </Button>
      </Group>
      <div role="status">
        <Title order={2} className={classes.headline}>
          {what}
          {sure && <span className={classes.sure}>, {sure}</span>}
        </Title>
        <Text c="dimmed" mt={4}>
          {explanation(answer)}
        </Text>
      </div>
      <ProbabilityBars probabilities={answer.probabilities} label={answer.label} />
      <AnswerDetails answer={answer} />
    </div>
  );
};
