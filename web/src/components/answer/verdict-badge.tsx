import { Badge, type MantineSize } from '@mantine/core';

import type { Verdict } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';

const COLOURS: Record<Verdict, string> = {
  confident: 'teal',
  unsure: 'yellow',
  unfamiliar: 'grape',
};

interface Props {
  verdict: Verdict;
  size?: MantineSize;
}

export const VerdictBadge = ({ verdict, size = 'lg' }: Props) => {
  const messages = useMessages();
  return (
    <Badge color={COLOURS[verdict]} variant="dot" size={size} tt="none" fw={600}>
      {messages.verdicts[verdict]}
    </Badge>
  );
};
