import { Text } from '@mantine/core';

import { type Agreement, agreementWith, useAgreement } from '@/features/models/api/agreement';
import { readCard } from '@/features/models/card';
import { DataTable } from '@/features/models/components/data-table';
import { Interval } from '@/features/models/components/interval';
import type { Card } from '@/lib/api-client';
import { formatCount, formatMegabytes, formatMillions, formatShare } from '@/lib/format';
import { messages } from '@/lib/messages';

const FROM = 0.8;

const text = messages.performance;

/** The installed models, a row each. */
export const SideBySide = ({ cards }: { cards: Card[] }) => {
  const { data: summary } = useAgreement();
  const lowest = Math.min(FROM, ...cards.map((card) => card.metrics.test?.macro_f1.low ?? 1));
  return (
    <DataTable
      title={text.sideBySide}
      head={[text.model, text.accuracy, text.macroF1, text.agreement, text.size]}
      rows={cards.map((card) => {
        const { test, bytes, parameters } = readCard(card);
        return {
          key: card.name,
          title: (
            <>
              {card.title}
              <Text span display="block" size="xs" c="dimmed">
                {text.version(card.version)}
              </Text>
            </>
          ),
          cells: [
            test ? <Interval estimate={test.accuracy} from={lowest} /> : text.unknown,
            test ? <Interval estimate={test.macro_f1} from={lowest} /> : text.unknown,
            <People key="people" agreement={agreementWith(card, summary)} />,
            bytes !== undefined && parameters !== undefined
              ? text.sizeOf(formatMegabytes(bytes), formatMillions(parameters))
              : text.unknown,
          ],
        };
      })}
    />
  );
};

const People = ({ agreement }: { agreement: Agreement | undefined }) => {
  if (agreement === undefined) return text.nobody;
  const { correct, incorrect, agreement: share } = agreement;
  return (
    <>
      {text.interval(formatShare(share.value), formatShare(share.low), formatShare(share.high))}
      <Text span display="block" size="xs" c="dimmed">
        {text.people(formatCount(correct), formatCount(correct + incorrect))}
      </Text>
    </>
  );
};
