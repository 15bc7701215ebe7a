import { Container } from '@mantine/core';
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
  <Container component="main" size="lg" w="100%" className={classes.page}>
    <PageTitle {...title} />
    {children}
  </Container>
);
