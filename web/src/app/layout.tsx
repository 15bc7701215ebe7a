import { Anchor, Container, Group, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration } from 'react-router';

import classes from '@/app/layout.module.css';
import { useReconnect } from '@/app/reconnect';
import { MeasuredAccuracy } from '@/features/models/components/measured-accuracy';
import { NewPersonButton } from '@/features/session/components/new-person-button';
import { SessionNotice } from '@/features/session/components/session-notice';
import { serverPath } from '@/lib/base-path';
import { useDeletions } from '@/lib/deletions';
import { messages } from '@/lib/messages';
import { scrollKeyOf } from '@/lib/scroll-key';

const UndoNotice = lazy(async () => ({
  default: (await import('@/components/answer-list/undo-notice')).UndoNotice,
}));

const Settings = lazy(async () => {
  const [{ SettingsMenu }, { SessionSetting }] = await Promise.all([
    import('@/features/settings/components/settings-menu'),
    import('@/features/session/components/session-setting'),
  ]);
  return {
    default: () => (
      <SettingsMenu>
        <SessionSetting />
      </SettingsMenu>
    ),
  };
});

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
  const { waiting, failed } = useDeletions();
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
            <Settings />
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
      {/* Always present, so that screen readers announce what appears in it. */}
      <div aria-live="polite">
        {(waiting.length > 0 || failed) && (
          <Suspense>
            <UndoNotice />
          </Suspense>
        )}
      </div>
      <ScrollRestoration getKey={scrollKeyOf} />
    </div>
  );
};
