import { Text } from '@mantine/core';

import { ProblemMessage } from '@/components/ui/problem-message';
import { Article, Section } from '@/features/learn/components/article';
import { EvidenceDemo } from '@/features/learn/components/evidence-demo';
import { useExampleCard } from '@/features/learn/example-card';
import { useTexts } from '@/features/learn/texts';
import { formatCount, formatMillions } from '@/lib/format';
import { samples } from '@/lib/samples';

const SAMPLE_FILE = 'ngc-1433.jpg';

/** Explains how a network classifies an image, with a sample image. */
export const NetworksPage = () => {
  const text = useTexts().networks;
  const { card, error, retry } = useExampleCard();
  const sample = samples.find(({ file }) => file === SAMPLE_FILE);
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
      {sample && (
        <Section id="evidence" title={text.see.title}>
          {error ? (
            <ProblemMessage error={error} onRetry={retry} />
          ) : (
            <EvidenceDemo sample={sample} model={card?.name} />
          )}
        </Section>
      )}
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
