import { Text } from '@mantine/core';

import { DataTable } from '@/components/ui/data-table';
import { type Speed, speedOf, useSpeed } from '@/features/models/api/get-speed';
import { bestModelText } from '@/features/models/best-model';
import { Interval } from '@/features/models/components/interval';
import type { ModelSummary } from '@/lib/api-client';
import { formatCount, formatMegabytes, formatMillions, formatMilliseconds } from '@/lib/format';
import { messages } from '@/lib/messages';
import { expectedMetrics } from '@/lib/models';

const SCALE_START = 0.8;

const text = messages.performance;

/** A table of the installed models, with a summary that names the best one. */
export const ModelTable = ({ models }: { models: ModelSummary[] }) => {
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
                <Note>{text.version(model.version)}</Note>
              </>
            ),
            cells: [
              <MeasuredF1 key="sources" metrics={source_test} lowest={lowest} />,
              <MeasuredF1 key="objects" metrics={test} lowest={lowest} />,
              <SpeedCell key="speed" speed={speedOf(model, speed)} />,
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

type Measured = ModelSummary['metrics'][string] | undefined;

const MeasuredF1 = ({ metrics, lowest }: { metrics: Measured; lowest: number }) =>
  metrics ? (
    <>
      <Interval estimate={metrics.macro_f1} from={lowest} />
      <Note>{text.images(formatCount(metrics.images))}</Note>
    </>
  ) : (
    text.notMeasured
  );

const Note = ({ children }: { children: string }) => (
  <Text span display="block" size="xs" c="dimmed" miw="9rem">
    {children}
  </Text>
);

const SpeedCell = ({ speed }: { speed: Speed | undefined }) => {
  if (speed === undefined) return text.notMeasured;
  return (
    <>
      {text.speedOf(formatMilliseconds(speed.infer_ms))}
      <Note>{text.speedFrom(formatCount(speed.answers), formatMilliseconds(speed.decode_ms))}</Note>
    </>
  );
};
