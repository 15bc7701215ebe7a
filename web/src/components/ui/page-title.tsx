import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';

import classes from '@/components/ui/page-title.module.css';
import { useMessages } from '@/lib/messages';

interface Props {
  title: string;
  lead: string;
}

/** The heading of a page. It sets the window title and is focused when the page changes. */
export const PageTitle = ({ title, lead }: Props) => {
  const messages = useMessages();
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const [isFirstPage] = useState(key === 'default');

  useDocumentTitle(messages.windowTitle({ title }));
  useEffect(() => {
    performance.mark('usable'); // measured by scripts/performance.mjs
  }, []);
  useEffect(() => {
    // Screen readers announce the first page; focusing the heading makes them announce later pages.
    if (!isFirstPage) heading.current?.focus({ preventScroll: true });
  }, [isFirstPage]);

  return (
    <div>
      <h1 ref={heading} tabIndex={-1} className={classes.title}>
        {title}
      </h1>
      <p className={classes.lead}>{lead}</p>
    </div>
  );
};
