import { Button, Text } from '@mantine/core';
import { useState } from 'react';

import { isServerReady } from '@/app/reconnect';
import { Page } from '@/components/ui/page';
import { useMessages } from '@/lib/messages';

/** The page that is shown if another page could not be loaded or rendered. */
export const ErrorPage = () => {
  const { title, lead, reload, stillUnreachable } = useMessages().broken;
  const [isUnreachable, setIsUnreachable] = useState(false);
  // Reloading while the server is down would replace this page with the browser's own error page.
  const reloadPage = async () => {
    if (await isServerReady()) window.location.reload();
    else setIsUnreachable(true);
  };
  return (
    <Page title={title} lead={lead}>
      <Text role="alert">{isUnreachable && stillUnreachable}</Text>
      <Button radius="xl" w="fit-content" onClick={() => void reloadPage()}>
        {reload}
      </Button>
    </Page>
  );
};
