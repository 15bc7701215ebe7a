import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';

import { useDeleteAnswer } from '@/features/history/api/delete-answer';
import { messages } from '@/lib/messages';

interface Props {
  id: string;
  onDeleted: () => void;
}

const text = messages.history.remove;

/** A button that deletes a classification after confirmation. */
export const DeleteButton = ({ id, onDeleted }: Props) => {
  const [isOpen, { open, close }] = useDisclosure(false);
  const { mutate, isPending, error } = useDeleteAnswer(id);
  return (
    <>
      <Button variant="default" radius="xl" onClick={open}>
        {text.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={text.question}
        centered
        closeButtonProps={{ 'aria-label': text.cancel }}
      >
        <Text>{text.explained}</Text>
        {error && (
          <Text role="alert" mt="sm">
            {error.message}
          </Text>
        )}
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={close}>
            {text.cancel}
          </Button>
          <Button
            color="red"
            loading={isPending}
            onClick={() => {
              mutate(undefined, { onSuccess: onDeleted });
            }}
          >
            {text.confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
};
