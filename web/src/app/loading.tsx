import { Center, Loader } from '@mantine/core';

import { messages } from '@/lib/messages';

/** Stands for a page that is still on its way. */
export const Loading = () => (
  <Center component="main" mih="60vh">
    <Loader type="dots" role="status" aria-label={messages.loading} />
  </Center>
);
