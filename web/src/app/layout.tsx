import { Anchor, Container, Group, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration } from 'react-router';

import classes from '@/app/layout.module.css';
import { useReconnect } from '@/app/reconnect';
import { UndoNotice } from '@/components/answer-list/undo-notice';
import { MeasuredAccuracy } from '@/features/models/components/measured-accuracy';
import { NewPersonButton } from '@/features/session/components/new-person-button';
import { SessionNotice } from '@/features/session/components/session-notice';
import { SessionSetting } from '@/features/session/components/session-setting';
import { serverPath } from '@/lib/base-path';
import { messages } from '@/lib/messages';
import { scrollKeyOf } from '@/lib/scroll-key';

const SettingsMenu = lazy(async () => ({
  default: (await import('@/features/settings/components/settings-menu')).SettingsMenu,
}));

const PAGES = [
  ['/', messages.nav.classify],
  ['/history', messages.nav.history],
  ['/review', messages.nav.review],
  ['/models', messages.nav.models],
  ['/learn', messages.nav.learn],
] as const;

/** The layout of the application: a header and a footer around the current page. */
export const Layout = () => {
  useReconnect();
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          <img src={serverPath('icon.svg')} alt="" width={28} height={28} />
          {messages.brand}
        </Link>
        <nav aria-label={messages.nav.title} className={classes.nav}>
          {PAGES.map(([to, name]) => (
            <NavLink key={to} to={to} end={to === '/'} className={classes.link ?? ''}>
              {name}
            </NavLink>
          ))}
        </nav>
        <div className={classes.settings}>
          <NewPersonButton />
          <Suspense fallback={<div className={classes.placeholder} />}>
            <SettingsMenu>
              <SessionSetting />
            </SettingsMenu>
          </Suspense>
        </div>
      </header>
      <SessionNotice />
      <Outlet />
      <Container component="footer" size="lg" w="100%" py="xl" className={classes.footer}>
        <MeasuredAccuracy />
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed">
            {messages.privacy}
          </Text>
          <Anchor href={serverPath('api/docs')} size="sm" c="dimmed">
            {messages.apiDocs}
          </Anchor>
        </Group>
      </Container>
      <UndoNotice />
      <ScrollRestoration getKey={scrollKeyOf} />
    </div>
  );
};
