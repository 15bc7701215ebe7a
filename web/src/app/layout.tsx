import { Anchor, Container, Text } from '@mantine/core';
import { Link, NavLink, Outlet, ScrollRestoration } from 'react-router';

import classes from '@/app/layout.module.css';
import { MeasuredAccuracy } from '@/features/models/components/measured-accuracy';
import { messages } from '@/lib/messages';

const PAGES = [
  ['/', messages.nav.classify],
  ['/history', messages.nav.history],
  ['/review', messages.nav.review],
  ['/models', messages.nav.models],
] as const;

/** What surrounds every page. */
export const Layout = () => (
  <div className={classes.page}>
    <Container component="header" size="lg" w="100%" py="md" className={classes.header}>
      <Link to="/" className={classes.brand}>
        <img src="/icon.svg" alt="" width={28} height={28} />
        {messages.brand}
      </Link>
      <nav aria-label={messages.nav.title} className={classes.nav}>
        {PAGES.map(([to, name]) => (
          <NavLink key={to} to={to} end={to === '/'} className={classes.link ?? ''}>
            {name}
          </NavLink>
        ))}
      </nav>
      <Anchor href="/api/docs" size="sm" c="dimmed" className={classes.api}>
        {messages.apiDocs}
      </Anchor>
    </Container>
    <Outlet />
    <Container component="footer" size="lg" w="100%" py="xl" className={classes.footer}>
      <MeasuredAccuracy />
      <Text size="sm" c="dimmed">
        {messages.privacy}
      </Text>
    </Container>
    <ScrollRestoration />
  </div>
);
