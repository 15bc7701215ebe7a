import { Alert, Button, Group } from '@mantine/core';

import { messages } from '@/lib/messages';

interface Props {
  error: Error;
  onRetry: () => void;
  onAnother: () => void;
}

export const ProblemMessage = ({ error, onRetry, onAnother }: Props) => (
  <Alert color="red" title={messages.errors.title} variant="light" radius="lg">
    {error.message}
    <Group mt="md">
      <Button radius="xl" onClick={onAnother}>
        {messages.another}
      </Button>
      <Button radius="xl" variant="default" onClick={onRetry}>
        {messages.retry}
      </Button>
    </Group>
  </Alert>
);
