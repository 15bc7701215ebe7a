import { Text, Title, UnstyledButton } from '@mantine/core';

import classes from '@/features/classify/components/sample-gallery.module.css';
import { useMessages } from '@/lib/messages';
import { sampleCredit } from '@/lib/sample-text';
import { type Sample, samples } from '@/lib/samples';

/** The sample images. What they show is not told before they are classified. */
export const SampleGallery = ({ onChoose }: { onChoose: (sample: Sample) => void }) => {
  const text = useMessages().samples;
  return (
    <section aria-labelledby="samples-title">
      <Title order={2} id="samples-title" className={classes.title}>
        {text.title}
      </Title>
      <ul className={classes.grid}>
        {samples.map((sample) => (
          <li key={sample.file}>
            <UnstyledButton
              className={classes.sample}
              aria-label={text.name({ number: sample.number })}
              onClick={() => {
                onChoose(sample);
              }}
            >
              <img src={sample.thumbnail} alt="" loading="lazy" className={classes.image} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Credits />
    </section>
  );
};

const Credits = () => {
  const text = useMessages().samples;
  return (
    <details className={classes.credits}>
      <summary>{text.creditsTitle}</summary>
      <ul>
        {samples.map((sample) => (
          <Text component="li" size="xs" c="dimmed" key={sample.file}>
            {sampleCredit(sample, text.name({ number: sample.number }))}
          </Text>
        ))}
      </ul>
    </details>
  );
};
