import { Divider, Stack, Text, Title } from '@mantine/core';

import { ProbabilityBars } from '@/components/answer/probability-bars';
import { VerdictBadge } from '@/components/answer/verdict-badge';
import { LabelButtons } from '@/components/ui/label-buttons';
import type { Classification, Label } from '@/lib/api-client';
import { messages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';
import { explanation, headline } from '@/lib/wording';

interface Props {
  answer: Classification;
  onJudge: (label: Label) => void;
}

const text = messages.review;

/** Asks what an image shows, beside what a model made of it. */
export const JudgePanel = ({ answer, onJudge }: Props) => {
  const { data: models } = useModels();
  const { what, sure } = headline(answer);
  return (
    <Stack gap="lg">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {text.question}
        </Title>
        <LabelButtons title={text.question} chosen={chosenIn(answer)} onChoose={onJudge} />
      </Stack>
      <Divider />
      <VerdictBadge verdict={answer.verdict} />
      <div role="status">
        <Text fw={650} size="xl">
          {text.says(titleOf(models, answer.model), sure === '' ? what : `${what}, ${sure}`)}
        </Text>
        <Text c="dimmed">{explanation(answer)}</Text>
      </div>
      <ProbabilityBars probabilities={answer.probabilities} label={answer.label} />
    </Stack>
  );
};

/** What was said that an image shows. */
const chosenIn = ({ label, feedback }: Classification): Label | null => {
  if (feedback === null) return null;
  return feedback.verdict === 'correct' ? label : feedback.label;
};
