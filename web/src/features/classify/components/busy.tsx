import { Button, Group, Loader, Skeleton, Stack, Text, Title } from '@mantine/core';

import type { Step } from '@/features/classify/image';
import { shareSent, stepInWords } from '@/features/classify/step';
import { LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';

interface Props {
  step: Step;
  isHeld: boolean;
  onCancel: () => void;
}

/** Stands where the answer will, in much the same shape. */
export const Busy = ({ step, isHeld, onCancel }: Props) => (
  <Stack gap="xl" aria-busy>
    <Group justify="space-between" wrap="nowrap">
      <Group gap="sm" wrap="nowrap">
        <Loader size="sm" type="dots" aria-hidden />
        <div role="status">
          <Title order={2} size="h4">
            {isHeld ? messages.busy.held : stepInWords(step)}
          </Title>
        </div>
        <Text c="dimmed" size="sm">
          {shareSent(step)}
        </Text>
      </Group>
      <Button variant="default" radius="xl" flex="none" onClick={onCancel}>
        {messages.busy.cancel}
      </Button>
    </Group>
    <Skeleton height="4.6rem" radius="lg" />
    {LABELS.map((label) => (
      <Skeleton key={label} height="1.6rem" radius="xl" />
    ))}
  </Stack>
);
