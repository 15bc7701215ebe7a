import { Kbd, Modal, Table } from '@mantine/core';

import { labelName, LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';

const text = messages.review;

const KEYS: [key: string, action: string][] = [
  ...LABELS.map((label, index): [string, string] => [
    String(index + 1),
    text.keys.label(labelName(label)),
  ]),
  ['B', messages.judgement.two],
  ['0', messages.judgement.unknown],
  ['→', text.keys.next],
  ['←', text.keys.previous],
  ['U', text.keys.undo],
  ['?', text.keys.help],
  ['Esc', text.keys.close],
];

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** A dialog that lists the keyboard shortcuts. */
export const ShortcutsDialog = ({ isOpen, onClose }: Props) => (
  <Modal
    opened={isOpen}
    onClose={onClose}
    title={text.shortcutsTitle}
    centered
    closeButtonProps={{ 'aria-label': text.keys.close }}
  >
    <Table>
      <Table.Tbody>
        {KEYS.map(([key, action]) => (
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
