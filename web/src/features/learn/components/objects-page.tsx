import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import { Article, Section } from '@/features/learn/components/article';
import classes from '@/features/learn/components/objects-page.module.css';
import { useTexts } from '@/features/learn/texts';
import { LABELS, type ShippedLabel } from '@/lib/labels';
import { sampleCredit, sampleTitle } from '@/lib/sample-text';
import { samples } from '@/lib/samples';

/** The number of sample images of each class. The first ones are typical. */
const IMAGES = 3;

/** Explains the classes and how to distinguish them in images. */
export const ObjectsPage = () => {
  const text = useTexts().objects;
  return (
    <Article topic="objects">
      {LABELS.map((label) => (
        <Kind key={label} label={label} />
      ))}
      <Section title={text.questions.title}>
        <dl className={classes.questions}>
          {text.questions.list.map(([question, answer]) => (
            <div key={question}>
              <dt>{question}</dt>
              <dd>{answer}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title={text.hard.title}>
        <ul>
          {text.hard.cases.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <Anchor component={Link} to="/review" mt="md" display="block">
          {text.try}
        </Anchor>
      </Section>
    </Article>
  );
};

const Kind = ({ label }: { label: ShippedLabel }) => {
  const text = useTexts().objects;
  const { title, description, look } = text.kinds[label];
  return (
    <Section id={label} title={title}>
      <div className={classes.kind}>
        <div className={classes.text}>
          <Text>{description}</Text>
          <Text className={classes.look}>{text.look}</Text>
          <ul>
            {look.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
        <div className={classes.images}>
          {samples
            .filter((sample) => sample.label === label)
            .slice(0, IMAGES)
            .map((sample) => (
              <figure key={sample.file}>
                <img src={sample.thumbnail} alt="" loading="lazy" />
                <figcaption>{sampleCredit(sample, sampleTitle(sample))}</figcaption>
              </figure>
            ))}
        </div>
      </div>
    </Section>
  );
};
