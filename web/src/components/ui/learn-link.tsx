import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

interface Props {
  /** The page to learn from, with the part of it that answers the question. */
  to: 'networks#evidence' | 'figures' | 'figures#set' | 'data#limits';
  children: string;
}

/** Leads from where a question arises to where it is answered. */
export const LearnLink = ({ to, children }: Props) => (
  <Anchor component={Link} to={`/learn/${to}`} inherit underline="always">
    {children}
  </Anchor>
);
