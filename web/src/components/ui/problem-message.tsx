import { Button, Group, Stack, Text, Title } from '@mantine/core';

import type { ApiError } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';

interface Props {
  error: ApiError;
  onRetry: () => void;
  onAnother?: () => void;
}

export const ProblemMessage = ({ error, onRetry, onAnother }: Props) => {
  const messages = useMessages();
  return (
    <Stack align="flex-start">
      <div role="alert">
        <Title order={2} size="h3">
          {messages.errors.title}
        </Title>
        <Text mt="xs">{error.message}</Text>
      </div>
      <Group>
        {error.isTransient && (
          <Button radius="xl" onClick={onRetry}>
            {messages.retry}
          </Button>
        )}
        {onAnother && (
          <Button
            radius="xl"
            variant={error.isTransient ? 'default' : 'filled'}
            onClick={onAnother}
          >
            {messages.another}
          </Button>
        )}
      </Group>
    </Stack>
  );
};
