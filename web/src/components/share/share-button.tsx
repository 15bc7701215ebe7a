import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';

import { useShare } from '@/components/share/use-share';
import type { Classification } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';
import { isShared, sharedUrl } from '@/lib/shared-answer';

/** A button that opens a dialog, in which an answer is shared by a link or the link is withdrawn. */
export const ShareButton = ({ answer }: { answer: Classification }) => {
  const text = useMessages().share;
  const [isOpen, { open, close }] = useDisclosure(false);
  const { mutate, isPending, error } = useShare(answer.id);
  if (isShared(answer.id)) return null;
  return (
    <>
      <Button variant="default" radius="xl" onClick={open}>
        {text.button}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
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
    </>
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
