import { UnstyledButton } from '@mantine/core';

import { StarField } from '@/components/ui/star-field';
import classes from '@/features/classify/components/drop-prompt.module.css';
import { messages } from '@/lib/messages';

export const DropPrompt = ({ onOpen }: { onOpen: () => void }) => (
  <UnstyledButton className={classes.prompt} onClick={onOpen}>
    <StarField />
    <span className={classes.action}>{messages.drop.action}</span>
    <span className={classes.hint}>{messages.drop.hint}</span>
    <span className={classes.formats}>{messages.drop.formats}</span>
  </UnstyledButton>
);
