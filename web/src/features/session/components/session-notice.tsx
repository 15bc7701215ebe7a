import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';

import classes from '@/features/session/components/session-notice.module.css';
import { useMessages } from '@/lib/messages';
import { useDeletePrevious, useSession } from '@/lib/session';

/** Offers to delete the answers of the previous person in this browser. */
export const SessionNotice = () => {
  const text = useMessages().session;
  const { data: session } = useSession();
  const { mutate, isPending, error } = useDeletePrevious();
  const [isKept, setIsKept] = useState(false);
  const previous = session?.previous ?? 0;
  return (
    <div role="status" className={classes.notice}>
      {previous > 0 && !isKept && (
        <Group justify="space-between" gap="sm">
          <div className={classes.text}>
            <Text fw={600}>{text.started}</Text>
            <Text size="sm">{text.previous({ count: previous })}</Text>
            {error && <Text size="sm">{error.message}</Text>}
          </div>
          <Group gap="xs">
            <Button
              color="red.9"
              loading={isPending}
              onClick={() => {
                mutate();
              }}
            >
              {text.deletePrevious}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setIsKept(true);
              }}
            >
              {text.keep}
            </Button>
          </Group>
        </Group>
      )}
    </div>
  );
};
