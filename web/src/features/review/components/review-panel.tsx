import { Stack, Title } from '@mantine/core';

import { JudgementButtons } from '@/components/ui/judgement-buttons';
import type { useJudgement } from '@/components/ui/use-judgement';
import type { Classification } from '@/lib/api-client';
import { labelsOf } from '@/lib/labels';
import { useMessages } from '@/lib/messages';
import { chosenLabels } from '@/lib/use-save-feedback';

interface Props {
  answer: Classification;
  judgement: ReturnType<typeof useJudgement>;
}

/** Asks what an image shows, without the model's answer. */
export const ReviewPanel = ({ answer, judgement }: Props) => {
  const text = useMessages().review;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {text.question}
      </Title>
      <JudgementButtons
        title={text.question}
        labels={labelsOf(answer)}
        chosen={chosenLabels(answer)}
        judgement={judgement}
      />
    </Stack>
  );
};
