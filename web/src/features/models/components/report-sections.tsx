import type { ReactNode } from 'react';

import { ClassTable } from '@/features/models/components/class-table';
import { ConfusionMatrix } from '@/features/models/components/confusion-matrix';
import { ReliabilityDiagram } from '@/features/models/components/reliability-diagram';
import { TrainingCurves } from '@/features/models/components/training-curves';
import type { ModelCard } from '@/features/models/model-card';
import { formatCount } from '@/lib/format';
import type { Messages } from '@/lib/messages';

/** One section of a report. */
interface ReportSection {
  title: string;
  explained: (card: ModelCard) => string;
  /** Renders the section, or nothing if the model card lacks the data. */
  render: (card: ModelCard) => ReactNode;
}

/** Returns the sections of a report, in display order. */
export const reportSections = (text: Messages['performance']): readonly ReportSection[] => [
  {
    title: text.confusion.title,
    explained: ({ test }) => text.confusion.explained({ images: formatCount(test?.images ?? 0) }),
    render: ({ labels, test }) =>
      test && test.confusion.length > 0 && <ConfusionMatrix labels={labels} test={test} />,
  },
  {
    title: text.reliability.title,
    explained: () => text.reliability.explained,
    render: ({ test }) =>
      test && test.reliability.length > 0 && <ReliabilityDiagram bins={test.reliability} />,
  },
  {
    title: text.training.title,
    explained: () => text.training.explained,
    render: ({ head, fineTuning, frozenStages }) =>
      head.length + fineTuning.length > 1 && (
        <TrainingCurves head={head} fineTuning={fineTuning} frozenStages={frozenStages} />
      ),
  },
  {
    title: text.perClass.title,
    explained: () => text.perClass.explained,
    render: ({ title, labels, test }) =>
      test &&
      Object.keys(test.per_class).length > 0 && (
        <ClassTable model={title} labels={labels} test={test} />
      ),
  },
];
