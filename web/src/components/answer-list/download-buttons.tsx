import { Button, Group, Text } from '@mantine/core';

import { type Selection, useExport } from '@/lib/export-answers';
import { useMessages } from '@/lib/messages';

/** Buttons that download answers as CSV or JSON, including those that are not loaded yet. */
export const DownloadButtons = ({ selection }: { selection: Selection }) => {
  const text = useMessages().history.download;
  const { mutate, isPending, error, variables } = useExport();
  return (
    <Group gap="xs">
      {error && (
        <Text role="alert" size="sm">
          {error.message}
        </Text>
      )}
      {(['csv', 'json'] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          radius="xl"
          loading={isPending && variables.format === format}
          onClick={() => {
            mutate({ selection, format });
          }}
        >
          {text[format]}
        </Button>
      ))}
    </Group>
  );
};
