import type { ReactNode } from 'react';

import classes from '@/components/ui/page.module.css';
import { PageTitle } from '@/components/ui/page-title';

interface Props {
  title: string;
  lead: string;
  /** Whether the title is small on narrow screens even before there is an answer below it. */
  isCompact?: boolean;
  children: ReactNode;
}

/** The layout of every page except the home page. */
export const Page = ({ children, isCompact = false, ...title }: Props) => (
  <main id="content" className={classes.page} data-compact={isCompact || undefined}>
    <PageTitle {...title} />
    {children}
  </main>
);
