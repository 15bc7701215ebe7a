import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';

import { KeyForm } from '@/features/settings/components/key-form';
import { useApiKey } from '@/lib/api-key';
import { messages } from '@/lib/messages';

const text = messages.key;

/** The API key of this browser: to enter, or to remove. */
export const KeySetting = () => {
  const { key, forget } = useApiKey();
  const queryClient = useQueryClient();
  if (key === undefined) return <KeyForm />;
  return (
    <Stack gap="sm" align="flex-start">
      <div>
        <Text size="sm" fw={500}>
          {text.label}
        </Text>
        <Text size="xs" c="dimmed">
          {text.inUse}
        </Text>
      </div>
      <Button
        variant="default"
        radius="xl"
        onClick={() => {
          forget();
          void queryClient.resetQueries();
        }}
      >
        {text.remove}
      </Button>
    </Stack>
  );
};
