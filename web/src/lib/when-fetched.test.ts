import { expect, it, vi } from 'vitest';

import { createQueryClient } from '@/lib/query-client';
import { whenFetched } from '@/lib/when-fetched';

it('resolves at once if nothing is being fetched', async () => {
  await expect(whenFetched(createQueryClient())).resolves.toBeUndefined();
});

it('waits for every query, whether it succeeds or fails', async () => {
  const queryClient = createQueryClient();
  let fail: (reason: Error) => void = () => undefined;
  const models = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const answer = queryClient.query({ queryKey: ['answer'], queryFn: () => 'A galaxy' });
  const failing = queryClient.query({ queryKey: ['models'], queryFn: () => models });
  const resolved = vi.fn();
  const fetched = whenFetched(queryClient).then(resolved);
  await answer;
  expect(queryClient.isFetching()).toBe(1);
  expect(resolved).not.toHaveBeenCalled();
  fail(new Error('The server does not respond.'));
  await expect(failing).rejects.toThrow('The server does not respond.');
  await fetched;
});
