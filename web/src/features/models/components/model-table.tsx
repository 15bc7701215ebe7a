import { Text } from '@mantine/core';

import { DataTable } from '@/components/ui/data-table';
import { type Speed, speedOf, useSpeed } from '@/features/models/api/get-speed';
import { bestModelText } from '@/features/models/best-model';
import { Interval } from '@/features/models/components/interval';
import type { ModelSummary } from '@/lib/api-client';
import { formatCount, formatMegabytes, formatMillions, formatMilliseconds } from '@/lib/format';
import { useMessages } from '@/lib/messages';
import { expectedMetrics } from '@/lib/models';

const SCALE_START = 0.8;

/** A table of the installed models, with a summary that names the best one. */
export const ModelTable = ({ models }: { models: ModelSummary[] }) => {
  const text = useMessages().performance;
  const { data: speed } = useSpeed();
  const measured = models.map(({ metrics }) => expectedMetrics(metrics));
  const lowest = Math.min(SCALE_START, ...measured.map((metrics) => metrics?.macro_f1.low ?? 1));
  const best = bestModelText(models, (model) => speedOf(model, speed));
  return (
    <>
      {best.length > 0 && (
        <Text mb="md" maw="48rem">
          <strong>{text.best.title}</strong> {best.join(' ')}
        </Text>
      )}
      <DataTable
        title={text.table}
        head={[text.model, text.newSources, text.newObjects, text.speed, text.size]}
        rows={models.map((model) => {
          const { source_test, test } = model.metrics;
          return {
            key: model.name,
            title: (
              <>
                {model.title}
                <Note>{text.version({ version: model.version })}</Note>
              </>
            ),
            cells: [
              <MeasuredF1 key="sources" metrics={source_test} lowest={lowest} />,
              <MeasuredF1 key="objects" metrics={test} lowest={lowest} />,
              <SpeedCell key="speed" speed={speedOf(model, speed)} />,
              text.sizeOf({
                bytes: formatMegabytes(model.network.bytes),
                parameters: formatMillions(model.network.parameters),
              }),
            ],
          };
        })}
      />
    </>
  );
};

type Measured = ModelSummary['metrics'][string] | undefined;

const MeasuredF1 = ({ metrics, lowest }: { metrics: Measured; lowest: number }) => {
  const text = useMessages().performance;
  return metrics ? (
    <>
      <Interval estimate={metrics.macro_f1} from={lowest} />
      <Note>{text.images({ count: formatCount(metrics.images) })}</Note>
    </>
  ) : (
    text.notMeasured
  );
};

const Note = ({ children }: { children: string }) => (
  <Text span display="block" size="xs" c="dimmed" miw="9rem">
    {children}
  </Text>
);

const SpeedCell = ({ speed }: { speed: Speed | undefined }) => {
  const text = useMessages().performance;
  if (speed === undefined) return text.notMeasured;
  return (
    <>
      {text.speedOf({ infer: formatMilliseconds(speed.infer_ms) })}
      <Note>
        {text.speedFrom({
          answers: formatCount(speed.answers),
          decode: formatMilliseconds(speed.decode_ms),
        })}
      </Note>
    </>
  );
};
