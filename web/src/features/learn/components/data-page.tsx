import { Skeleton, Text } from '@mantine/core';

import { DataTable } from '@/components/ui/data-table';
import { ProblemMessage } from '@/components/ui/problem-message';
import { Article, Section } from '@/features/learn/components/article';
import classes from '@/features/learn/components/data-page.module.css';
import { hardestKinds, useExampleCard } from '@/features/learn/example-card';
import { useTexts } from '@/features/learn/texts';
import type { Card } from '@/lib/api-client';
import { formatCount, formatPercent } from '@/lib/format';
import { labelName, LABELS } from '@/lib/labels';

const MIN_IMAGES = 10;
const MAX_KINDS = 5;

/** Explains the training data and the limitations of the models. */
export const DataPage = () => {
  const text = useTexts().data;
  const { card, error, retry } = useExampleCard();
  return (
    <Article topic="data">
      {error && <ProblemMessage error={error} onRetry={retry} />}
      {!error && <Counts card={card} />}
      {!card && !error && <Skeleton height="40rem" radius="lg" aria-busy />}
      {card && (
        <>
          <Limits card={card} />
          <Hardest card={card} />
        </>
      )}
      <Section title={text.biased.title}>
        <ul>
          {text.biased.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </Section>
      {card && <Sources card={card} />}
    </Article>
  );
};

const Counts = ({ card }: { card: Card | undefined }) => {
  const text = useTexts().data;
  return (
    <Section title={text.counts.title}>
      <Text mb="sm">{text.counts.explained}</Text>
      {card ? (
        <DataTable
          title={text.counts.title}
          head={[
            text.counts.part,
            ...LABELS.map((label) => labelName(label)),
            text.counts.all,
            text.counts.fields,
          ]}
          rows={Object.entries(card.data.splits).map(([name, split]) => ({
            key: name,
            title: text.counts.parts[name] ?? name,
            cells: [
              ...LABELS.map((label) => formatCount(split.labels[label] ?? 0)),
              formatCount(split.images),
              formatCount(split.fields),
            ],
          }))}
        />
      ) : (
        <Skeleton height="19rem" radius="lg" aria-busy />
      )}
    </Section>
  );
};

const Limits = ({ card }: { card: Card }) => {
  const text = useTexts().data;
  return (
    <Section id="limits" title={text.limits.title}>
      <Text>{text.limits.explained({ title: card.title })}</Text>
      <blockquote lang="en" className={classes.quote}>
        {card.use.limits}
      </blockquote>
    </Section>
  );
};

const Hardest = ({ card }: { card: Card }) => {
  const text = useTexts().data;
  const kinds = hardestKinds(card, MIN_IMAGES, MAX_KINDS);
  return (
    kinds.length > 0 && (
      <Section title={text.kinds.title}>
        <Text mb="sm">{text.kinds.explained({ minImages: formatCount(MIN_IMAGES) })}</Text>
        <DataTable
          title={text.kinds.title}
          head={[text.kinds.kind, text.kinds.accuracy, text.kinds.images]}
          rows={kinds.map(({ label, kind, value, images }) => ({
            key: `${label}: ${kind}`,
            title: (
              <>
                {labelName(label)}
                {kind !== label.replaceAll('_', ' ') && (
                  <>
                    : <span lang="en">{kind}</span>
                  </>
                )}
              </>
            ),
            cells: [formatPercent(value), formatCount(images)],
          }))}
        />
      </Section>
    )
  );
};

const Sources = ({ card }: { card: Card }) => {
  const text = useTexts().data;
  const { sources } = card.data;
  return (
    <Section id="sources" title={text.sources.title}>
      <Text>{text.sources.explained({ sources: formatCount(sources.length) })}</Text>
      <details className={classes.sources}>
        <summary>{text.sources.show}</summary>
        <DataTable
          title={text.sources.title}
          head={[text.sources.source, text.sources.licence, text.sources.images]}
          rows={sources.map(({ source, licence, images }) => ({
            key: source,
            title: (
              <span lang="en" className={classes.source}>
                {source}
              </span>
            ),
            cells: [
              <span key="licence" lang="en">
                {licence}
              </span>,
              formatCount(images),
            ],
          }))}
        />
      </details>
    </Section>
  );
};
