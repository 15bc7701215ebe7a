import { Button, Group, Loader, Skeleton, Stack, Text, Title } from '@mantine/core';

import type { Status } from '@/features/classify/queued-image';
import { statusText, uploadProgressText } from '@/features/classify/status-text';
import { LABELS } from '@/lib/labels';
import { useMessages } from '@/lib/messages';

interface Props {
  status: Status;
  isPaused: boolean;
  onCancel: () => void;
}

/** Shows the progress of a classification in place of the headline. */
export const AnswerPlaceholder = ({ status, isPaused, onCancel }: Props) => {
  const messages = useMessages();
  return (
    <Stack gap="md" aria-busy>
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap">
          <Loader size="sm" type="dots" aria-hidden />
          <div role="status">
            <Title order={2} size="h4">
              {isPaused ? messages.progress.paused : statusText(status)}
            </Title>
          </div>
          <Text c="dimmed" size="sm">
            {uploadProgressText(status)}
          </Text>
        </Group>
        <Button variant="default" radius="xl" flex="none" onClick={onCancel}>
          {messages.progress.cancel}
        </Button>
      </Group>
      <Skeleton height="3.5rem" radius="lg" />
    </Stack>
  );
};

/** Takes the place of the probabilities, so that the layout does not shift when they appear. */
export const BarsPlaceholder = () => (
  <Stack gap="xl" aria-busy>
    <Skeleton height="3rem" radius="lg" />
    {LABELS.map((label) => (
      <Skeleton key={label} height="1.6rem" radius="xl" />
    ))}
  </Stack>
);
