import { Button, Stack, Switch, Text } from '@mantine/core';

import { useMessages } from '@/lib/messages';
import { useNewPerson, useRemember, useSession } from '@/lib/session';

/** Settings of the session: whether it is remembered, and a new session for another person. */
export const SessionSetting = () => {
  const text = useMessages().session;
  const { data: session } = useSession();
  const remember = useRemember();
  const renew = useNewPerson();
  const error = remember.error ?? renew.error;
  if (session === undefined || session.has_key) return null;
  return (
    <Stack gap="sm" align="flex-start">
      <Switch
        label={text.remember}
        description={text.rememberExplained}
        checked={remember.isPending ? remember.variables : session.remembered}
        onChange={({ currentTarget }) => {
          remember.mutate(currentTarget.checked);
        }}
      />
      <Button
        variant="default"
        radius="xl"
        loading={renew.isPending}
        onClick={() => {
          renew.mutate();
        }}
      >
        {text.new}
      </Button>
      <Text size="xs" c="dimmed">
        {text.newExplained}
      </Text>
      {error && (
        <Text role="alert" size="sm">
          {error.message}
        </Text>
      )}
    </Stack>
  );
};
