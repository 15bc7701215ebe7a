import { Text } from '@mantine/core';

import { currentMessages, useMessages } from '@/lib/messages';
import { type ServerSettings, useServerSettings } from '@/lib/server-settings';

/** States who can see the images and how long they are kept, according to the server's settings. */
export const PrivacyNote = () => {
  const text = useMessages().privacy;
  const settings = useServerSettings();
  return (
    <Text size="sm" c="dimmed">
      {[text.server, ...(settings ? rulesOf(settings) : [])].join(' ')}
    </Text>
  );
};

const rulesOf = ({ access, client, retention_days: days }: ServerSettings): string[] => {
  const text = currentMessages().privacy;
  return [
    access === 'keys' || client === 'key' ? text.key : text.session,
    days === null ? text.kept : text.deleted({ days }),
  ];
};
