import { Button } from '@mantine/core';

import { deletions } from '@/lib/deletions';
import { useMessages } from '@/lib/messages';

interface Props {
  id: string;
  /** Called when the answer is hidden. Until it is deleted, the deletion can be undone. */
  onDeleted: () => void;
}

/** A button that deletes a classification, as in the lists. */
export const DeleteButton = ({ id, onDeleted }: Props) => {
  const messages = useMessages();
  return (
    <Button
      variant="default"
      radius="xl"
      onClick={() => {
        deletions.begin([id]);
        onDeleted();
      }}
    >
      {messages.history.delete}
    </Button>
  );
};
