import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { Page } from '@/components/ui/page';
import { messages } from '@/lib/messages';

const { title, lead, back } = messages.notFound;

export const Component = () => (
  <Page title={title} lead={lead}>
    <Anchor component={Link} to="/">
      {back}
    </Anchor>
  </Page>
);
