import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';

import { useShare } from '@/components/share/use-share';
import type { Classification } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';
import { sharedUrl } from '@/lib/shared-answer';

interface Props {
  answer: Classification;
  isOpen: boolean;
  onClose: () => void;
}

/** A dialog in which an answer is shared by a link or the link is withdrawn. */
export const ShareDialog = ({ answer, isOpen, onClose }: Props) => {
  const text = useMessages().share;
  const { mutate, isPending, error } = useShare(answer.id);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={text.title}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <Stack gap="md">
        <Text size="sm">{answer.share ? text.isShared : text.explanation}</Text>
        {answer.share && <Link url={sharedUrl(answer.share)} />}
        {error && (
          <Text role="alert" size="sm">
            {error.message}
          </Text>
        )}
        <Group gap="xs">
          <Button
            radius="xl"
            variant={answer.share ? 'default' : 'filled'}
            loading={isPending}
            onClick={() => {
              mutate(!answer.share);
            }}
          >
            {answer.share ? text.withdraw : text.create}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
};

const Link = ({ url }: { url: string }) => {
  const text = useMessages().share;
  return (
    <Group gap="xs" align="end">
      <TextInput label={text.link} value={url} readOnly flex="1 1 12rem" />
      <CopyButton value={url}>
        {({ copied, copy }) => (
          <Button radius="xl" onClick={copy}>
            {copied ? text.copied : text.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
};
