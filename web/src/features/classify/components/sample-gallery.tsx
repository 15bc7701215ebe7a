import { Text, Title, UnstyledButton } from '@mantine/core';

import classes from '@/features/classify/components/sample-gallery.module.css';
import { messages } from '@/lib/messages';
import { type Sample, samples } from '@/lib/samples';

export const SampleGallery = ({ onChoose }: { onChoose: (sample: Sample) => void }) => (
  <section aria-labelledby="samples-title">
    <Title order={2} id="samples-title" className={classes.title}>
      {messages.samples.title}
    </Title>
    <ul className={classes.grid}>
      {samples.map((sample) => (
        <li key={sample.file}>
          <UnstyledButton
            className={classes.sample}
            onClick={() => {
              onChoose(sample);
            }}
          >
            <img src={sample.url} alt="" loading="lazy" className={classes.image} />
            <span className={classes.name}>{sample.title}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
    <Credits />
  </section>
);

const Credits = () => (
  <details className={classes.credits}>
    <summary>{messages.samples.creditsTitle}</summary>
    <ul>
      {samples.map(({ file, title, credit, licence }) => (
        <Text component="li" size="xs" c="dimmed" key={file}>
          {messages.samples.credit(title, credit, licence)}
        </Text>
      ))}
    </ul>
  </details>
);
