import { Text, Title } from '@mantine/core';

import { DataTable } from '@/components/ui/data-table';
import { feedbackOf, useFeedbackSummary } from '@/features/models/api/get-feedback-summary';
import type { ModelSummary } from '@/lib/api-client';
import { formatCount, formatPercent } from '@/lib/format';
import { useMessages } from '@/lib/messages';

/** The minimum number of blind judgements from which the agreement is shown. */
const MIN_JUDGEMENTS = 20;

/** Shows how often users agreed with each model before they saw its answer. */
export const AgreementTable = ({ models }: { models: ModelSummary[] }) => {
  const messages = useMessages();
  const text = messages.performance.agreement;
  const { data: summary } = useFeedbackSummary();
  return (
    <div>
      <Title order={2} size="h3">
        {text.title}
      </Title>
      <Text c="dimmed" size="sm" maw="48rem" mt={4} mb="sm">
        {text.explained({ min: formatCount(MIN_JUDGEMENTS) })}
      </Text>
      <DataTable
        title={text.title}
        head={[messages.performance.model, text.agreement, text.judgements]}
        rows={models.map((model) => {
          const { correct = 0, incorrect = 0, agreement } = feedbackOf(model, summary) ?? {};
          const count = correct + incorrect;
          return {
            key: model.name,
            title: model.title,
            cells: [
              agreement && count >= MIN_JUDGEMENTS
                ? messages.performance.interval({
                    value: formatPercent(agreement.value),
                    low: formatPercent(agreement.low),
                    high: formatPercent(agreement.high),
                  })
                : text.tooFew,
              formatCount(count),
            ],
          };
        })}
      />
    </div>
  );
};
