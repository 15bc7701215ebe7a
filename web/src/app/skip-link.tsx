import type { MouseEvent } from 'react';

import classes from '@/app/skip-link.module.css';
import { useMessages } from '@/lib/messages';

/** The link to the content of the page, which is visible while it has the focus. */
export const SkipLink = () => {
  const messages = useMessages();
  // The address would be relative to the `base` element, and open the home page.
  const focusContent = (event: MouseEvent) => {
    event.preventDefault();
    const content = document.getElementById('content');
    if (content === null) return;
    content.tabIndex = -1;
    content.focus();
  };
  return (
    <a href="#content" className={classes.link} onClick={focusContent}>
      {messages.nav.skip}
    </a>
  );
};
