import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import classes from '@/components/answer-list/undo-notice.module.css';
import { ANSWERS, COUNTS, forgetAnswers } from '@/lib/answer-cache';
import { deletions, GRACE_SECONDS, useDeletions } from '@/lib/deletions';
import { useMessages } from '@/lib/messages';

/** Says which answers are about to be deleted, and takes deletions back. */
export const UndoNotice = () => {
  const text = useMessages().list.undo;
  const queryClient = useQueryClient();
  const { waiting, failed } = useDeletions();

  useEffect(() => {
    deletions.onDeleted = (ids) => {
      forgetAnswers(queryClient, new Set(ids));
      void queryClient.invalidateQueries({ queryKey: [ANSWERS, COUNTS] });
    };
  }, [queryClient]);

  return (
    <div className={classes.notices}>
      <div role="status">
        {waiting.map((deletion) => (
          <Group key={deletion.until} className={classes.notice}>
            <div>
              <Text fw={600}>{text.deleted({ count: deletion.ids.length })}</Text>
              <Text size="sm">{text.explained({ seconds: GRACE_SECONDS })}</Text>
            </div>
            <Button
              variant="default"
              onClick={() => {
                deletions.undo(deletion);
              }}
            >
              {text.action}
            </Button>
          </Group>
        ))}
      </div>
      {failed && (
        <div role="alert">
          <Group className={classes.notice}>
            <Text>{text.failed({ reason: failed.error.message })}</Text>
            <Button
              variant="default"
              onClick={() => {
                deletions.forgetFailure();
              }}
            >
              {text.close}
            </Button>
          </Group>
        </div>
      )}
    </div>
  );
};
