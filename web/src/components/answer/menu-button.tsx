import { Button, type ButtonProps } from '@mantine/core';
import type { ComponentProps } from 'react';

import { useMessages } from '@/lib/messages';

type Props = ButtonProps & ComponentProps<'button'>;

/** The button that opens `AnswerMenu`. */
export const MenuButton = (props: Props) => (
  <Button variant="default" radius="xl" {...props}>
    {useMessages().more}
    <span aria-hidden>&nbsp;▾</span>
  </Button>
);
