import { Button, Text } from '@mantine/core';
import { useState } from 'react';

import { isServerReady } from '@/app/recovery';
import { Page } from '@/components/ui/page';
import { messages } from '@/lib/messages';

const { title, lead, reload, stillAway } = messages.broken;

/** Stands for a page that could not be fetched or drawn. */
export const Broken = () => {
  const [isAway, setAway] = useState(false);
  // Loading again while the server is down would leave the browser with nothing to show.
  const loadAgain = async () => {
    if (await isServerReady()) window.location.reload();
    else setAway(true);
  };
  return (
    <Page title={title} lead={lead}>
      <Text role="alert">{isAway && stillAway}</Text>
      <Button radius="xl" w="fit-content" onClick={() => void loadAgain()}>
        {reload}
      </Button>
    </Page>
  );
};
