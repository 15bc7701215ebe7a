import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { Page } from '@/components/ui/page';
import { useMessages } from '@/lib/messages';

export const Component = () => {
  const { title, lead, back } = useMessages().notFound;
  return (
    <Page title={title} lead={lead}>
      <Anchor component={Link} to="/">
        {back}
      </Anchor>
    </Page>
  );
};
