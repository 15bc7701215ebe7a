import { Anchor, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';

import { Article, Section } from '@/features/learn/components/article';
import classes from '@/features/learn/components/objects-page.module.css';
import { useTexts } from '@/features/learn/texts';
import { LABELS, type ShippedLabel } from '@/lib/labels';
import { whenIdle } from '@/lib/when-idle';

// Not needed before the page can be used; see `preloadPages`.
const KindImages = lazy(async () => {
  await new Promise<void>(whenIdle);
  return { default: (await import('@/features/learn/components/kind-images')).KindImages };
});

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
          <Suspense fallback={<div className={classes.placeholder} />}>
            <KindImages label={label} />
          </Suspense>
        </div>
      </div>
    </Section>
  );
};
