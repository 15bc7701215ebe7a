import { Button, Group, Loader, Skeleton, Stack, Title } from '@mantine/core';

import { LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';

/** Stands where the answer will, in much the same shape. */
export const Busy = ({ onCancel }: { onCancel: () => void }) => (
  <Stack gap="xl" aria-busy>
    <Group justify="space-between">
      <Group gap="sm" role="status">
        <Loader size="sm" type="dots" aria-hidden />
        <Title order={2} size="h4">
          {messages.busy.title}
        </Title>
      </Group>
      <Button variant="default" radius="xl" onClick={onCancel}>
        {messages.busy.cancel}
      </Button>
    </Group>
    <Skeleton height="4.6rem" radius="lg" />
    {LABELS.map((label) => (
      <Skeleton key={label} height="1.6rem" radius="xl" />
    ))}
  </Stack>
);
