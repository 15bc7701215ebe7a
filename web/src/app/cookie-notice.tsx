import { Text } from '@mantine/core';
import { useState } from 'react';

import classes from '@/app/cookie-notice.module.css';
import { acceptsCookies } from '@/lib/cookies';
import { useMessages } from '@/lib/messages';

/** Says what does not work if the browser blocks cookies. */
export const CookieNotice = () => {
  const messages = useMessages();
  const [areKept] = useState(acceptsCookies);
  return areKept ? null : (
    <div role="alert" className={classes.notice}>
      <Text fw={600}>{messages.cookies.blocked}</Text>
      <Text size="sm">{messages.cookies.needed}</Text>
    </div>
  );
};
