import { Text, Title } from '@mantine/core';

import { DataTable } from '@/components/ui/data-table';
import { feedbackOf, useFeedbackSummary } from '@/features/models/api/get-feedback-summary';
import type { ModelSummary } from '@/lib/api-client';
import { formatCount, formatPercent } from '@/lib/format';
import { messages } from '@/lib/messages';

/** The minimum number of blind judgements from which the agreement is shown. */
const MIN_JUDGEMENTS = 20;

const text = messages.performance.agreement;

/** Shows how often users agreed with each model before they saw its answer. */
export const AgreementTable = ({ models }: { models: ModelSummary[] }) => {
  const { data: summary } = useFeedbackSummary();
  return (
    <div>
      <Title order={2} size="h3">
        {text.title}
      </Title>
      <Text c="dimmed" size="sm" maw="48rem" mt={4} mb="sm">
        {text.explained(formatCount(MIN_JUDGEMENTS))}
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
                ? messages.performance.interval(
                    formatPercent(agreement.value),
                    formatPercent(agreement.low),
                    formatPercent(agreement.high),
                  )
                : text.tooFew,
              formatCount(count),
            ],
          };
        })}
      />
    </div>
  );
};
