import { Text } from '@mantine/core';

import { messages } from '@/lib/messages';
import { type ServerSettings, useServerSettings } from '@/lib/server-settings';

const text = messages.privacy;

/** States who can see the images and how long they are kept, according to the server's settings. */
export const PrivacyNote = () => {
  const settings = useServerSettings();
  return (
    <Text size="sm" c="dimmed" maw="100%">
      {[text.server, ...(settings ? rulesOf(settings) : [])].join(' ')}
    </Text>
  );
};

const rulesOf = ({ access, client, retention_days: days }: ServerSettings): string[] => [
  access === 'keys' || client === 'key' ? text.key : text.session,
  days === null ? text.kept : text.deleted(days),
];
