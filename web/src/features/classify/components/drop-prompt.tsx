import { Group, UnstyledButton } from '@mantine/core';

import { StarField } from '@/components/ui/star-field';
import classes from '@/features/classify/components/drop-prompt.module.css';
import { FileButton } from '@/features/classify/components/file-button';
import { PhotoButton } from '@/features/classify/components/photo-button';
import { useMessages } from '@/lib/messages';

interface Props {
  /** Whether to move the focus to the button. */
  isFocused: boolean;
  onOpen: () => void;
  onFiles: (files: File[]) => void;
}

export const DropPrompt = ({ isFocused, onOpen, onFiles }: Props) => {
  const text = useMessages().drop;
  return (
    <div className={classes.prompt}>
      <StarField />
      <div className={classes.content}>
        <UnstyledButton
          ref={isFocused ? focusIfLost : null}
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
};

/** Focuses the button if nothing has focus, e.g. after the focused element was removed. */
const focusIfLost = (button: HTMLButtonElement | null) => {
  if (document.activeElement === document.body) button?.focus();
};
