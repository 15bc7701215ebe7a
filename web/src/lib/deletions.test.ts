import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { Deletions } from '@/lib/deletions';
import { busy, CLASSIFICATIONS, server } from '@/testing/server';

it('repeats a deletion if the server is busy', async () => {
  let requests = 0;
  server.use(
    http.post(`${CLASSIFICATIONS}/delete`, () => {
      requests += 1;
      return requests === 1 ? busy('0') : HttpResponse.json({ deleted: 1 });
    }),
  );
  const deletions = new Deletions();
  await deletions.send({ ids: ['a1'], until: 0 });
  expect(requests).toBe(2);
  expect(deletions.getSnapshot().failed).toBeUndefined();
});
