import { Kbd, Modal, Table } from '@mantine/core';

import { LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';

const text = messages.review;

const KEYS: [key: string, does: string][] = [
  ...LABELS.map((label, index): [string, string] => [
    String(index + 1),
    text.keys.label(messages.nouns[label]),
  ]),
  ['→', text.keys.skip],
  ['←', text.keys.back],
  ['U', text.keys.undo],
  ['?', text.keys.help],
  ['Esc', text.keys.close],
];

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** Tells what each key does. */
export const HelpDialog = ({ isOpen, onClose }: Props) => (
  <Modal
    opened={isOpen}
    onClose={onClose}
    title={text.helpTitle}
    centered
    closeButtonProps={{ 'aria-label': text.keys.close }}
  >
    <Table>
      <Table.Tbody>
        {KEYS.map(([key, does]) => (
          <Table.Tr key={key}>
            <Table.Th scope="row" w="5rem">
              <Kbd>{key}</Kbd>
            </Table.Th>
            <Table.Td>{does}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Modal>
);
