import type { ReactNode } from 'react';

import classes from '@/components/ui/page.module.css';
import { PageTitle } from '@/components/ui/page-title';

interface Props {
  title: string;
  lead: string;
  children: ReactNode;
}

/** The layout of every page except the home page. */
export const Page = ({ children, ...title }: Props) => (
  <main id="content" className={classes.page}>
    <PageTitle {...title} />
    {children}
  </main>
);
