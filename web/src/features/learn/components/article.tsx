import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'react-router';

import { Page } from '@/components/ui/page';
import classes from '@/features/learn/components/article.module.css';
import { TopicList } from '@/features/learn/components/topic-list';
import { useTexts } from '@/features/learn/texts';
import { aboutOf, type Topic, TOPICS } from '@/features/learn/topics';

/** The layout of a page under “Learn”, with links to the other “Learn” pages. */
export const Article = ({ topic, children }: { topic: Topic; children: ReactNode }) => {
  const texts = useTexts();
  return (
    <Page {...aboutOf(topic)}>
      <div className={classes.article}>{children}</div>
      <nav aria-labelledby="more" className={classes.more}>
        <Title order={2} id="more" size="h3" mb="sm">
          {texts.more}
        </Title>
        <TopicList title={texts.topics} topics={TOPICS.filter((one) => one !== topic)} />
      </nav>
    </Page>
  );
};

interface SectionProps {
  /** The URL fragment of the section. */
  id?: string;
  title: string;
  children: ReactNode;
}

/** A section of an article. */
export const Section = ({ id, title, children }: SectionProps) => {
  const { hash } = useLocation();
  return (
    <section className={classes.section}>
      <Title order={2} id={id} ref={hash === `#${id}` ? scrollIntoView : null}>
        {title}
      </Title>
      {children}
    </section>
  );
};

/**
 * Scrolls to the section named in the URL. The browser cannot do this because sections are rendered
 * after the page has loaded.
 */
const scrollIntoView = (title: HTMLElement | null) => {
  title?.scrollIntoView();
};

/** An example with measured values, visually separated from the explanation. */
export const Example = ({ children }: { children: string }) => (
  <Text className={classes.example}>{children}</Text>
);
