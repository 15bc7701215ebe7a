import { Anchor, Skeleton, Text } from '@mantine/core';
import { Link } from 'react-router';

import { ProblemMessage } from '@/components/ui/problem-message';
import { Article, Example, Section } from '@/features/learn/components/article';
import { useExampleCard } from '@/features/learn/example-card';
import { currentTexts, useTexts } from '@/features/learn/texts';
import type { Card } from '@/lib/api-client';
import { formatCount, formatNumber, formatPercent } from '@/lib/format';
import { currentMessages } from '@/lib/messages';

const FIGURES = ['accuracy', 'interval', 'precision', 'calibration', 'set', 'novelty'] as const;

/** Explains each measured figure, using the values for an installed model. */
export const FiguresPage = () => {
  const text = useTexts().figures;
  const { card, error, retry } = useExampleCard();
  const examples = card ? examplesFrom(card) : {};
  return (
    <Article topic="figures">
      {error && <ProblemMessage error={error} onRetry={retry} />}
      {FIGURES.map((figure) => (
        <Section key={figure} id={figure} title={text[figure].title}>
          <Text>{text[figure].body}</Text>
          {!card && !error && <Skeleton height="2.8rem" mt="0.75rem" radius="sm" aria-busy />}
          {examples[figure] && <Example>{examples[figure]}</Example>}
        </Section>
      ))}
      <div>
        <Text c="dimmed" mih="1.55em">
          {card && text.model({ title: card.title })}
        </Text>
        <Anchor component={Link} to="/models">
          {text.see}
        </Anchor>
      </div>
    </Article>
  );
};

const examplesFrom = (card: Card): Partial<Record<(typeof FIGURES)[number], string>> => {
  const text = currentTexts().figures;
  const { test } = card.metrics;
  if (test === undefined) return {};
  const { accuracy, images, fields, per_class, coverage } = test;
  const { expected_calibration_error: error, mean_set_size: size } = test;
  const cluster = per_class.star_cluster;
  const familiar = test.out_of_distribution?.deep_sky_familiar.value;
  const rejected = test.out_of_distribution?.rejected.value;
  return {
    accuracy: text.accuracy.example({
      value: formatPercent(accuracy.value),
      images: formatCount(images),
      fields: formatCount(fields),
    }),
    interval: text.interval.example({
      value: formatPercent(accuracy.value),
      low: formatPercent(accuracy.low),
      high: formatPercent(accuracy.high),
    }),
    ...(cluster && {
      precision: text.precision.example({
        label: currentMessages().labels.star_cluster,
        precision: formatPercent(cluster.precision.value),
        recall: formatPercent(cluster.recall.value),
      }),
    }),
    calibration: text.calibration.example({ error: formatNumber(error * 100, 1) }),
    ...(coverage.overall.value != null && {
      set: text.set.example({
        value: formatPercent(coverage.overall.value),
        size: formatNumber(size, 2),
      }),
    }),
    ...(familiar != null &&
      rejected != null && {
        novelty: text.novelty.example({
          kept: formatPercent(familiar),
          rejected: formatPercent(rejected),
        }),
      }),
  };
};
