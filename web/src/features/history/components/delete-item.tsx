import { Menu } from '@mantine/core';

import { deletions } from '@/lib/deletions';
import { useMessages } from '@/lib/messages';

interface Props {
  id: string;
  /** Called when the answer is hidden. Until it is deleted, the deletion can be undone. */
  onDeleted: () => void;
}

/** A menu item that deletes a classification, as in the lists. */
export const DeleteItem = ({ id, onDeleted }: Props) => {
  const messages = useMessages();
  return (
    <Menu.Item
      onClick={() => {
        deletions.begin([id]);
        onDeleted();
      }}
    >
      {messages.history.delete}
    </Menu.Item>
  );
};
