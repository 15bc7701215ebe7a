import { Box, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Outlet } from 'react-router';

import { Page } from '@/components/ui/page';
import { useApiKey } from '@/lib/api-key';
import { useMessages } from '@/lib/messages';
import { useModels } from '@/lib/models';

// Most servers do not require a key.
const ApiKeyForm = lazy(async () => ({
  default: (await import('@/features/settings/components/api-key-form')).ApiKeyForm,
}));

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
        <Suspense>
          <ApiKeyForm />
        </Suspense>
      </Box>
    </Page>
  );
};
