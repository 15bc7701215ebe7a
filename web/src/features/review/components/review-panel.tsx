import { Divider, Stack, Text, Title } from '@mantine/core';

import { ProbabilityBars } from '@/components/answer/probability-bars';
import { VerdictBadge } from '@/components/answer/verdict-badge';
import { LabelButtons } from '@/components/ui/label-buttons';
import { explanation, headline } from '@/lib/answer-text';
import type { Classification, Label } from '@/lib/api-client';
import { labelsOf } from '@/lib/labels';
import { messages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';

interface Props {
  answer: Classification;
  onChoose: (label: Label) => void;
}

const text = messages.review;

/** Buttons for choosing the class of an image, together with the model's classification. */
export const ReviewPanel = ({ answer, onChoose }: Props) => {
  const { data: models } = useModels();
  const { text: label, certainty } = headline(answer);
  return (
    <Stack gap="lg">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {text.question}
        </Title>
        <LabelButtons
          title={text.question}
          labels={labelsOf(answer)}
          chosen={chosenLabel(answer)}
          onChoose={onChoose}
        />
      </Stack>
      <Divider />
      <VerdictBadge verdict={answer.verdict} />
      <div role="status">
        <Text fw={650} size="xl">
          {text.answer(
            titleOf(models, answer.model),
            certainty === '' ? label : `${label}, ${certainty}`,
          )}
        </Text>
        <Text c="dimmed">{explanation(answer)}</Text>
      </div>
      <ProbabilityBars probabilities={answer.probabilities} label={answer.label} />
    </Stack>
  );
};

/** Returns the label that the user has chosen for an image; null if there is none. */
const chosenLabel = ({ label, feedback }: Classification): Label | null => {
  if (feedback === null) return null;
  return feedback.verdict === 'correct' ? label : feedback.label;
};
