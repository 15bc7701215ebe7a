import { MutationObserver } from '@tanstack/react-query';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { api, ApiError, done } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';
import { createQueryClient } from '@/lib/query-client';
import { createSettings } from '@/testing/fixtures';
import { problem, server, SESSION, SETTINGS } from '@/testing/server';

const settingsQuery = apiQuery('/api/v1/settings');

const busy = (retryAfter?: string) => {
  const response = problem(503, 'overloaded', 'The server is busy.');
  if (retryAfter !== undefined) response.headers.set('Retry-After', retryAfter);
  return response;
};

it('names the resource, the path and the parameters in the key', () => {
  const params = { path: { name: 'vgg16' } };
  const { queryKey } = apiQuery('/api/v1/models/{name}', { params });
  expect(queryKey).toEqual(['models', '/api/v1/models/{name}', { params }]);
});

it('repeats a query if the server is busy and says when it will not be', async () => {
  server.use(http.get(SETTINGS, () => busy('0'), { once: true }));
  expect(await createQueryClient().query(settingsQuery)).toEqual(createSettings());
});

it('repeats a mutation if the server is busy and says when it will not be', async () => {
  let requests = 0;
  server.use(
    http.post(SESSION, () => {
      requests += 1;
      return requests === 1 ? busy('0') : new HttpResponse(null, { status: 204 });
    }),
  );
  const mutationFn = () => done(api.POST('/api/v1/session'));
  await new MutationObserver(createQueryClient(), { mutationFn }).mutate();
  expect(requests).toBe(2);
});

it.each([
  ['the server does not say when to repeat it', busy],
  ['the error is permanent', () => problem(404, 'not_found', 'There is nothing here.')],
])('does not repeat a query if %s', async (_, respond) => {
  let requests = 0;
  server.use(
    http.get(SETTINGS, () => {
      requests += 1;
      return respond();
    }),
  );
  await expect(createQueryClient().query(settingsQuery)).rejects.toBeInstanceOf(ApiError);
  expect(requests).toBe(1);
});

it('reports a response that is not from the API', async () => {
  server.use(http.get(SETTINGS, () => HttpResponse.html('<h1>Bad gateway</h1>', { status: 502 })));
  await expect(createQueryClient().query(settingsQuery)).rejects.toMatchObject({
    code: 'unexpected',
  });
});
