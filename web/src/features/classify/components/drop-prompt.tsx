import { Group, UnstyledButton } from '@mantine/core';

import { StarField } from '@/components/ui/star-field';
import classes from '@/features/classify/components/drop-prompt.module.css';
import { FileButton } from '@/features/classify/components/file-button';
import { PhotoButton } from '@/features/classify/components/photo-button';
import { messages } from '@/lib/messages';

interface Props {
  /** Whether it is to have the focus. */
  isFocused: boolean;
  onOpen: () => void;
  onFiles: (files: File[]) => void;
}

const text = messages.drop;

export const DropPrompt = ({ isFocused, onOpen, onFiles }: Props) => (
  <div className={classes.prompt}>
    <StarField />
    <div className={classes.content}>
      <UnstyledButton
        ref={isFocused ? focus : null}
        className={classes.action}
        onClick={onOpen}
      >
        {text.action}
      </UnstyledButton>
      <span className={classes.hint}>{text.hint}</span>
      <span className={classes.formats}>{text.formats}</span>
      <Group gap="xs" className={classes.others}>
        <PhotoButton variant="white" radius="xl" onPhoto={onFiles} />
        <FileButton
          className={classes.folder ?? ''}
          variant="transparent"
          size="compact-sm"
          input={{ webkitdirectory: '', multiple: true }}
          onFiles={onFiles}
        >
          {text.folder}
        </FileButton>
      </Group>
    </div>
  </div>
);

/** What had the focus is gone with the images; where it is not, they went by themselves. */
const focus = (button: HTMLButtonElement | null) => {
  if (document.activeElement === document.body) button?.focus();
};
