import { Box, Text } from '@mantine/core';
import { Outlet } from 'react-router';

import { Page } from '@/components/ui/page';
import { ApiKeyForm } from '@/features/settings/components/api-key-form';
import { useApiKey } from '@/lib/api-key';
import { useMessages } from '@/lib/messages';
import { useModels } from '@/lib/models';

/** Shows the API key form instead of the requested page if the server requires a key. */
export const ApiKeyGate = () => {
  const { title, lead } = useMessages().key;
  const { key } = useApiKey();
  const { error } = useModels();
  if (!error?.isKeyError) return <Outlet />;
  return (
    <Page title={title} lead={lead}>
      <Box maw="26rem">
        {key !== undefined && (
          <Text role="alert" mb="md">
            {error.message}
          </Text>
        )}
        <ApiKeyForm />
      </Box>
    </Page>
  );
};
