import { Button, type ButtonProps } from '@mantine/core';
import type { Ref } from 'react';

import { useMessages } from '@/lib/messages';

interface Props extends ButtonProps {
  ref?: Ref<HTMLButtonElement>;
}

/** The button that opens `AnswerMenu`. */
export const MenuButton = (props: Props) => (
  <Button variant="default" radius="xl" {...props}>
    {useMessages().more}
    <span aria-hidden>&nbsp;▾</span>
  </Button>
);
