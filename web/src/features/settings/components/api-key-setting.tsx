import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { SyntheticEvent } from 'react';

import { ApiKeyForm } from '@/features/settings/components/api-key-form';
import { resetAnswers } from '@/lib/answer-cache';
import { useApiKey } from '@/lib/api-key';
import { useMessages } from '@/lib/messages';

/** Controls for setting or removing the API key of this browser. */
export const ApiKeySetting = () => {
  const { key } = useApiKey();
  return <div onSubmit={keepFocus}>{key === undefined ? <ApiKeyForm /> : <StoredKey />}</div>;
};

const StoredKey = () => {
  const text = useMessages().key;
  const { removeKey } = useApiKey();
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
          removeKey();
          void resetAnswers(queryClient);
        }}
      >
        {text.remove}
      </Button>
    </Stack>
  );
};

/** Moves the focus to the dialog, because the clicked button is removed. */
const keepFocus = ({ currentTarget }: SyntheticEvent) => {
  currentTarget.closest<HTMLElement>('[role=dialog]')?.focus();
};
