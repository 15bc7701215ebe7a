import { Button, Group, Loader, Skeleton, Stack, Title } from '@mantine/core';

import { LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';

export const Busy = ({ onCancel }: { onCancel: () => void }) => (
  <Stack gap="lg" aria-busy>
    <Group justify="space-between">
      <Group gap="sm" role="status">
        <Loader size="sm" type="dots" aria-hidden />
        <Title order={2} size="h3">
          {messages.busy.title}
        </Title>
      </Group>
      <Button variant="default" radius="xl" onClick={onCancel}>
        {messages.busy.cancel}
      </Button>
    </Group>
    {LABELS.map((label) => (
      <Skeleton key={label} height={36} radius="md" />
    ))}
  </Stack>
);
