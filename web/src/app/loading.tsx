import { Center, Loader } from '@mantine/core';

import { messages } from '@/lib/messages';

/** A placeholder that is shown while the code of a page is loading. */
export const Loading = () => (
  <Center component="main" id="content" mih="60vh">
    <Loader type="dots" role="status" aria-label={messages.loading} />
  </Center>
);
