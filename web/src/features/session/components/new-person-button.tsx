import { Button } from '@mantine/core';

import { useMessages } from '@/lib/messages';
import { useNewPerson, useSession } from '@/lib/session';

/**
 * A button that begins a new session. It is shown if sessions end with the browser, as on machines
 * that several people share.
 */
export const NewPersonButton = () => {
  const text = useMessages().session;
  const { data: session } = useSession();
  const { mutate, isPending, error } = useNewPerson();
  if (session === undefined || session.has_key || session.remembered) return null;
  return (
    <Button
      variant="default"
      radius="xl"
      size="compact-md"
      loading={isPending}
      title={error?.message ?? text.newExplained}
      onClick={() => {
        mutate();
      }}
    >
      {text.new}
    </Button>
  );
};
