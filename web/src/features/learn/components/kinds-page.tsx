import { Text } from '@mantine/core';

import { Article, Section } from '@/features/learn/components/article';
import classes from '@/features/learn/components/kinds-page.module.css';
import { useTexts } from '@/features/learn/texts';

/** Explains the kinds of objects and what they are easily mistaken for. */
export const KindsPage = () => {
  const text = useTexts().kinds;
  return (
    <Article topic="kinds">
      {Object.entries(text.sections).map(([id, { title, body, lookAlike }]) => (
        <Section key={id} id={id} title={title}>
          <Text>{body}</Text>
          <Text className={classes.lookAlike}>
            <strong>{text.lookAlike}</strong> {lookAlike}
          </Text>
        </Section>
      ))}
    </Article>
  );
};
