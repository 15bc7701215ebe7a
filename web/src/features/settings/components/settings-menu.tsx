import { ActionIcon, Popover, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

import { SettingsPanel } from '@/features/settings/components/settings-panel';
import { useMessages } from '@/lib/messages';

/** The button that opens the settings; `children` are further settings. */
export const SettingsMenu = ({ children }: { children?: ReactNode }) => {
  const messages = useMessages();
  return (
    <Popover
      position="bottom-end"
      width="min(23rem, calc(100vw - 1.5rem))"
      shadow="lg"
      radius="lg"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon variant="default" size="lg" radius="xl" aria-label={messages.settings.title}>
          <Sliders />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="lg">
        <Stack gap="lg">
          <SettingsPanel />
          {children}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
};

const Sliders = () => (
  <svg
    width="18"
    height="18"
    viewBox="0 0 18 18"
    stroke="currentColor"
    strokeWidth="1.6"
    aria-hidden
  >
    <path d="M2 5h7m5 0h2M2 13h2m5 0h7" strokeLinecap="round" />
    <circle cx="11.5" cy="5" r="2.2" fill="none" />
    <circle cx="6.5" cy="13" r="2.2" fill="none" />
  </svg>
);
