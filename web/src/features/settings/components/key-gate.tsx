import { Box, Text } from '@mantine/core';
import { Outlet } from 'react-router';

import { Page } from '@/components/ui/page';
import { KeyForm } from '@/features/settings/components/key-form';
import { useApiKey } from '@/lib/api-key';
import { messages } from '@/lib/messages';
import { useModels } from '@/lib/models';

const { title, lead } = messages.key;

/** Stands before all pages that need the server, where it answers to nobody without a key. */
export const KeyGate = () => {
  const { key } = useApiKey();
  const { error } = useModels();
  if (!error?.asksForKey) return <Outlet />;
  return (
    <Page title={title} lead={lead}>
      <Box maw="26rem">
        {key !== undefined && (
          <Text role="alert" mb="md">
            {error.message}
          </Text>
        )}
        <KeyForm />
      </Box>
    </Page>
  );
};
