import { Kbd, Modal, Table } from '@mantine/core';

import { labelName, LABELS } from '@/lib/labels';
import { type Messages, useMessages } from '@/lib/messages';

const keysOf = ({ review: { keys }, judgement }: Messages): [key: string, action: string][] => [
  ...LABELS.map((label, index): [string, string] => [
    String(index + 1),
    keys.label({ label: labelName(label) }),
  ]),
  ['B', judgement.two],
  ['0', judgement.unknown],
  ['→', keys.next],
  ['←', keys.previous],
  ['U', keys.undo],
  ['?', keys.help],
  ['Esc', keys.close],
];

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** A dialog that lists the keyboard shortcuts. */
export const ShortcutsDialog = ({ isOpen, onClose }: Props) => {
  const messages = useMessages();
  const text = messages.review;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={text.shortcutsTitle}
      centered
      closeButtonProps={{ 'aria-label': text.keys.close }}
    >
      <Table>
        <Table.Tbody>
          {keysOf(messages).map(([key, action]) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" w="5rem">
                <Kbd>{key}</Kbd>
              </Table.Th>
              <Table.Td>{action}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
};
