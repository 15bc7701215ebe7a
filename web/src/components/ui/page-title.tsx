import { Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';

import classes from '@/components/ui/page-title.module.css';
import { messages } from '@/lib/messages';

interface Props {
  title: string;
  lead: string;
}

/** What a page is about: its heading, and its name in the window and for those who hear it. */
export const PageTitle = ({ title, lead }: Props) => {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const [isOpening] = useState(key === 'default');

  useDocumentTitle(messages.windowTitle(title));
  useEffect(() => {
    // Who comes from another page is told where they are; a page that is just opened tells itself.
    if (!isOpening) heading.current?.focus({ preventScroll: true });
  }, [isOpening]);

  return (
    <div>
      <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
        {title}
      </Title>
      <Text className={classes.lead}>{lead}</Text>
    </div>
  );
};
