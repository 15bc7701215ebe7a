import { Text } from '@mantine/core';

import classes from '@/app/cookie-notice.module.css';
import { useMessages } from '@/lib/messages';
import { useOffline } from '@/lib/offline';

/** Says that the page shows kept answers because the server does not respond. */
export const OfflineNotice = () => {
  const text = useMessages().offline;
  const isOffline = useOffline();
  return (
    <div role="status">
      {isOffline && (
        <div className={classes.notice}>
          <Text fw={600}>{text.title}</Text>
          <Text size="sm">{text.explained}</Text>
        </div>
      )}
    </div>
  );
};
