import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useRef } from 'react';

import { resetAnswers } from '@/lib/answer-cache';
import { api, type ApiError, dataOf } from '@/lib/api-client';
import { authorization, useApiKey } from '@/lib/api-key';
import { useMessages } from '@/lib/messages';

/** A form that stores the entered API key if the server accepts it. */
export const ApiKeyForm = () => {
  const text = useMessages().key;
  const { setKey } = useApiKey();
  const queryClient = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const { mutate, isPending, error } = useMutation<unknown, ApiError, string>({
    mutationFn: (key) => dataOf(api.GET('/api/v1/models', { headers: authorization(key) })),
    onSuccess: (_, key) => {
      setKey(key);
      return resetAnswers(queryClient);
    },
    onError: () => field.current?.focus(),
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget).get('key');
    if (typeof entered === 'string') mutate(entered.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" align="flex-start">
        <TextInput
          ref={field}
          name="key"
          type="password"
          label={text.label}
          description={text.stored}
          error={error?.message}
          placeholder={text.placeholder}
          pattern="\s*[!-~]+\s*"
          autoComplete="off"
          required
          withAsterisk={false}
          w="100%"
        />
        <Button type="submit" variant="default" radius="xl" loading={isPending}>
          {text.use}
        </Button>
      </Stack>
    </form>
  );
};
