import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

interface Props {
  /** The path of a “Learn” page, optionally with the URL fragment of a section. */
  to: 'networks#evidence' | 'figures' | 'figures#set' | 'data#limits';
  children: string;
}

/** A link to the explanation of a figure or term. */
export const LearnLink = ({ to, children }: Props) => (
  <Anchor component={Link} to={`/learn/${to}`} inherit underline="always">
    {children}
  </Anchor>
);
