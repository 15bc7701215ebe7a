import { Button, Group, Text } from '@mantine/core';

import { useFindPlace, useHasSolver } from '@/components/object/use-place';
import type { Classification } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';
import { isShared } from '@/lib/shared-answer';

/** A button that finds the place of an image on the sky, if the server can do so. */
export const PlaceFinder = ({ answer }: { answer: Classification }) => {
  const text = useMessages().object.place;
  const hasSolver = useHasSolver();
  const { mutate, isPending, error } = useFindPlace(answer.id);
  const reason = answer.sky_error;
  if (answer.sky !== null || !hasSolver || isShared(answer.id)) return null;
  return (
    <Group gap="sm">
      <Button
        variant="default"
        radius="xl"
        loading={isPending}
        onClick={({ currentTarget }) => {
          // The button is removed when the place is found.
          currentTarget.closest<HTMLElement>('section[tabindex]')?.focus({ preventScroll: true });
          mutate();
        }}
      >
        {text.find}
      </Button>
      <Text role="status" size="sm" c="dimmed" flex="1 1 14rem">
        {isPending && text.searching}
        {!isPending && error && text.failed({ reason: error.message })}
        {!isPending && !error && reason && text.notFound({ reason: text.reasons[reason] })}
      </Text>
    </Group>
  );
};
