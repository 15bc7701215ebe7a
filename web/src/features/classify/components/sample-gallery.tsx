import { Text, Title, UnstyledButton } from '@mantine/core';

import classes from '@/features/classify/components/sample-gallery.module.css';
import { messages } from '@/lib/messages';
import { type Sample, samples } from '@/lib/samples';

const text = messages.samples;

/** The sample images. What they show is not told before they are classified. */
export const SampleGallery = ({ onChoose }: { onChoose: (sample: Sample) => void }) => (
  <section aria-labelledby="samples-title">
    <Title order={2} id="samples-title" className={classes.title}>
      {text.title}
    </Title>
    <ul className={classes.grid}>
      {samples.map((sample) => (
        <li key={sample.file}>
          <UnstyledButton
            className={classes.sample}
            aria-label={text.name(sample.number)}
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

const Credits = () => (
  <details className={classes.credits}>
    <summary>{text.creditsTitle}</summary>
    <ul>
      {samples.map(({ file, number, credit, licence }) => (
        <Text component="li" size="xs" c="dimmed" key={file}>
          {text.credit(text.name(number), credit, licence)}
        </Text>
      ))}
    </ul>
  </details>
);
