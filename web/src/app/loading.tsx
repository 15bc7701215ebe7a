import { Center, Loader } from '@mantine/core';

import { useMessages } from '@/lib/messages';

/** A placeholder that is shown while the code of a page is loading. */
export const Loading = () => {
  const messages = useMessages();
  return (
    <Center component="main" id="content" mih="60vh">
      <Loader type="dots" role="status" aria-label={messages.loading} />
    </Center>
  );
};
