import { Anchor, Container, Group } from '@mantine/core';
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration } from 'react-router';

import { CookieNotice } from '@/app/cookie-notice';
import classes from '@/app/layout.module.css';
import { OfflineNotice } from '@/app/offline-notice';
import { PrivacyNote } from '@/app/privacy-note';
import { useReconnect } from '@/app/reconnect';
import { SkipLink } from '@/app/skip-link';
import { MeasuredAccuracy } from '@/features/models/components/measured-accuracy';
import { NewPersonButton } from '@/features/session/components/new-person-button';
import { SessionNotice } from '@/features/session/components/session-notice';
import { serverPath } from '@/lib/base-path';
import { useDeletions } from '@/lib/deletions';
import { useMessages } from '@/lib/messages';
import { scrollKeyOf } from '@/lib/scroll-key';
import { whenIdle } from '@/lib/when-idle';

const UndoNotice = lazy(async () => ({
  default: (await import('@/components/answer-list/undo-notice')).UndoNotice,
}));

/** Loads the settings, which are not needed before the page can be used. */
const loadSettings = async () => {
  const [{ SettingsMenu }, { SessionSetting }] = await Promise.all([
    import('@/features/settings/components/settings-menu'),
    import('@/features/session/components/session-setting'),
  ]);
  return () => (
    <SettingsMenu>
      <SessionSetting />
    </SettingsMenu>
  );
};

const PAGES = [
  ['/', 'classify'],
  ['/history', 'history'],
  ['/review', 'review'],
  ['/models', 'models'],
  ['/learn', 'learn'],
] as const;

/** The layout of the application: a header and a footer around the current page. */
export const Layout = () => {
  const messages = useMessages();
  useReconnect();
  const { waiting, failed } = useDeletions();
  const [Settings, setSettings] = useState<ComponentType>();
  useEffect(() => {
    whenIdle(() => {
      // If the server does not respond, the page works without the settings.
      loadSettings().then(
        (loaded) => {
          setSettings(() => loaded);
        },
        () => undefined,
      );
    });
  }, []);
  return (
    <div className={classes.page}>
      <SkipLink />
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          <img src={serverPath('icon.svg')} alt="" width={28} height={28} />
          {messages.brand}
        </Link>
        <nav aria-label={messages.nav.title} className={classes.nav}>
          {PAGES.map(([to, name]) => (
            <NavLink key={to} to={to} end={to === '/'} className={classes.link ?? ''}>
              {messages.nav[name]}
            </NavLink>
          ))}
        </nav>
        <div className={classes.settings}>
          <NewPersonButton />
          {Settings ? <Settings /> : <div className={classes.placeholder} />}
        </div>
      </header>
      <CookieNotice />
      <OfflineNotice />
      <SessionNotice />
      <Outlet />
      <Container component="footer" size="lg" w="100%" py="xl" className={classes.footer}>
        <MeasuredAccuracy />
        <Group justify="space-between" align="start" wrap="nowrap">
          <PrivacyNote />
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
