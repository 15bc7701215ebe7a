import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { SyntheticEvent } from 'react';

import { KeyForm } from '@/features/settings/components/key-form';
import { startAnew } from '@/lib/answer-cache';
import { useApiKey } from '@/lib/api-key';
import { messages } from '@/lib/messages';

const text = messages.key;

/** The API key of this browser: to enter, or to remove. */
export const KeySetting = () => {
  const { key } = useApiKey();
  return <div onSubmit={keepFocus}>{key === undefined ? <KeyForm /> : <KeptKey />}</div>;
};

const KeptKey = () => {
  const { forget } = useApiKey();
  const queryClient = useQueryClient();
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
        onClick={(event) => {
          keepFocus(event);
          forget();
          void startAnew(queryClient);
        }}
      >
        {text.remove}
      </Button>
    </Stack>
  );
};

/** What was pressed goes, and the focus must not go with it. */
const keepFocus = ({ currentTarget }: SyntheticEvent) => {
  currentTarget.closest<HTMLElement>('[role=dialog]')?.focus();
};
