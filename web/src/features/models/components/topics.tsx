import type { ReactNode } from 'react';

import type { ReadCard } from '@/features/models/card';
import { ClassTable } from '@/features/models/components/class-table';
import { ConfusionMatrix } from '@/features/models/components/confusion-matrix';
import { ReliabilityDiagram } from '@/features/models/components/reliability-diagram';
import { TrainingCurves } from '@/features/models/components/training-curves';
import { formatCount } from '@/lib/format';
import { messages } from '@/lib/messages';

/** One thing that a card tells of a model. */
interface Topic {
  title: string;
  explained: (card: ReadCard) => string;
  /** Draws it; nothing where the card does not tell. */
  draw: (card: ReadCard) => ReactNode;
}

const text = messages.performance;

/** All that cards tell of how well models do. */
export const TOPICS: readonly Topic[] = [
  {
    title: text.confusion.title,
    explained: ({ test }) => text.confusion.explained(formatCount(test?.images ?? 0)),
    draw: ({ labels, test }) =>
      test && test.confusion.length > 0 && <ConfusionMatrix labels={labels} test={test} />,
  },
  {
    title: text.reliability.title,
    explained: () => text.reliability.explained,
    draw: ({ test }) => test && test.reliability.length > 0 && <ReliabilityDiagram groups={test.reliability} />,
  },
  {
    title: text.training.title,
    explained: () => text.training.explained,
    draw: ({ head, fineTuning }) =>
      head.length + fineTuning.length > 1 && <TrainingCurves head={head} fineTuning={fineTuning} />,
  },
  {
    title: text.perClass.title,
    explained: () => text.perClass.explained,
    draw: ({ title, labels, test }) =>
      test &&
      Object.keys(test.per_class).length > 0 && (
        <ClassTable model={title} labels={labels} test={test} />
      ),
  },
];
