import { Skeleton, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';

import { ProblemMessage } from '@/components/ui/problem-message';
import { Article, Section } from '@/features/learn/components/article';
import { useExampleCard } from '@/features/learn/example-card';
import { useTexts } from '@/features/learn/texts';
import { formatCount, formatMillions } from '@/lib/format';
import { whenIdle } from '@/lib/when-idle';

// Not needed before the page can be used; see `preloadPages`.
const EvidenceDemo = lazy(async () => {
  await new Promise<void>(whenIdle);
  return { default: (await import('@/features/learn/components/evidence-demo')).EvidenceDemo };
});

/** Explains how a network classifies an image, with a sample image. */
export const NetworksPage = () => {
  const text = useTexts().networks;
  const { card, error, retry } = useExampleCard();
  const size = card?.input?.size;
  const learned = card?.data.splits.train?.images;
  const parameters = card?.network.parameters;
  return (
    <Article topic="networks">
      <Section title={text.steps.title}>
        <ol>
          <li>
            {size === undefined
              ? text.steps.sizeUnknown
              : text.steps.size({ pixels: formatCount(size) })}
          </li>
          <li>{text.steps.patterns}</li>
          <li>{text.steps.map}</li>
          <li>{text.steps.score}</li>
          <li>{text.steps.probabilities}</li>
        </ol>
      </Section>
      <Section id="evidence" title={text.see.title}>
        {error ? (
          <ProblemMessage error={error} onRetry={retry} />
        ) : (
          <Suspense fallback={<Skeleton height="30rem" radius="lg" aria-busy />}>
            <EvidenceDemo file="ngc-1433.jpg" model={card?.name} />
          </Suspense>
        )}
      </Section>
      <Section title={text.learned.title}>
        <Text>
          {learned === undefined || parameters === undefined
            ? text.learned.unknown
            : text.learned.body({
                images: formatCount(learned),
                parameters: formatMillions(parameters),
              })}
        </Text>
      </Section>
      <Section title={text.not.title}>
        <Text>{text.not.body}</Text>
      </Section>
    </Article>
  );
};
