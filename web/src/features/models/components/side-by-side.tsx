import { Text } from '@mantine/core';

import { type Agreement, agreementWith, useAgreement } from '@/features/models/api/agreement';
import { type Speed, speedOf, useSpeed } from '@/features/models/api/speed';
import { bestInWords } from '@/features/models/best';
import { DataTable } from '@/components/ui/data-table';
import { Interval } from '@/features/models/components/interval';
import type { ModelSummary } from '@/lib/api-client';
import {
  formatCount,
  formatMegabytes,
  formatMilliseconds,
  formatMillions,
  formatShare,
} from '@/lib/format';
import { messages } from '@/lib/messages';

const FROM = 0.8;

const text = messages.performance;

/** The installed models, a row each, and which of them to take. */
export const SideBySide = ({ models }: { models: ModelSummary[] }) => {
  const { data: agreement } = useAgreement();
  const { data: speed } = useSpeed();
  const lowest = Math.min(FROM, ...models.map(({ metrics }) => metrics.test?.macro_f1.low ?? 1));
  const best = bestInWords(models, (model) => speedOf(model, speed));
  return (
    <>
      {best.length > 0 && (
        <Text mb="md" maw="48rem">
          <strong>{text.best.title}</strong> {best.join(' ')}
        </Text>
      )}
      <DataTable
        title={text.sideBySide}
        head={[text.model, text.accuracy, text.macroF1, text.agreement, text.speed, text.size]}
        rows={models.map((model) => {
          const { test } = model.metrics;
          return {
            key: model.name,
            title: (
              <>
                {model.title}
                <Aside>{text.version(model.version)}</Aside>
              </>
            ),
            cells: [
              test ? <Interval estimate={test.accuracy} from={lowest} /> : text.unknown,
              test ? <Interval estimate={test.macro_f1} from={lowest} /> : text.unknown,
              <People key="people" agreement={agreementWith(model, agreement)} />,
              <Time key="time" speed={speedOf(model, speed)} />,
              text.sizeOf(
                formatMegabytes(model.network.bytes),
                formatMillions(model.network.parameters),
              ),
            ],
          };
        })}
      />
      <Text size="sm" c="dimmed" mt="xs">
        {text.intervals}
      </Text>
    </>
  );
};

const Aside = ({ children }: { children: string }) => (
  <Text span display="block" size="xs" c="dimmed" miw="9rem">
    {children}
  </Text>
);

const People = ({ agreement }: { agreement: Agreement | undefined }) => {
  if (agreement === undefined) return text.nobody;
  const { correct, incorrect, agreement: share } = agreement;
  return (
    <>
      {text.interval(formatShare(share.value), formatShare(share.low), formatShare(share.high))}
      <Aside>{text.people(formatCount(correct), formatCount(correct + incorrect))}</Aside>
    </>
  );
};

const Time = ({ speed }: { speed: Speed | undefined }) => {
  if (speed === undefined) return text.notMeasured;
  return (
    <>
      {text.speedOf(formatMilliseconds(speed.infer_ms))}
      <Aside>
        {text.speedFrom(formatCount(speed.answers), formatMilliseconds(speed.decode_ms))}
      </Aside>
    </>
  );
};
