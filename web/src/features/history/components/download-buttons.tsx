import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';

import { toCsv } from '@/features/history/csv';
import type { ApiError, Classification } from '@/lib/api-client';
import { type AnswerFilter, fetchAllAnswers } from '@/lib/fetch-answers';
import { messages } from '@/lib/messages';

const FORMATS = {
  csv: { type: 'text/csv', write: toCsv },
  json: {
    type: 'application/json',
    write: (answers: Classification[]) => JSON.stringify(answers, null, 2),
  },
};

type Format = keyof typeof FORMATS;

const text = messages.history.download;

/**
 * Buttons that download all classifications that match the filter, including those not loaded yet.
 */
export const DownloadButtons = ({ filter }: { filter: AnswerFilter }) => {
  const { mutate, isPending, error, variables } = useMutation<undefined, ApiError, Format>({
    mutationFn: async (format) => {
      const { type, write } = FORMATS[format];
      save(new Blob([write(await fetchAllAnswers(filter))], { type }), `deepsky.${format}`);
    },
  });
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
          loading={isPending && variables === format}
          onClick={() => {
            mutate(format);
          }}
        >
          {text[format]}
        </Button>
      ))}
    </Group>
  );
};

const save = (content: Blob, name: string) => {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
};
