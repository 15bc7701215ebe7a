import { Button } from '@mantine/core';

import { Page } from '@/components/ui/page';
import { messages } from '@/lib/messages';

const { title, lead, reload } = messages.broken;

/** Stands for a page that could not be fetched or drawn. */
export const Broken = () => (
  <Page title={title} lead={lead}>
    <Button
      radius="xl"
      w="fit-content"
      onClick={() => {
        window.location.reload();
      }}
    >
      {reload}
    </Button>
  </Page>
);
