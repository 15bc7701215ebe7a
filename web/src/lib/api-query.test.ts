import { MutationObserver } from '@tanstack/react-query';
import { delay, http, HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';

import { api, ApiError, done } from '@/lib/api-client';
import { apiQuery } from '@/lib/api-query';
import { createQueryClient } from '@/lib/query-client';
import { createSettings } from '@/testing/fixtures';
import { busy, problem, server, SESSION, SETTINGS } from '@/testing/server';

const settingsQuery = apiQuery('/api/v1/settings');

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

it('does not repeat a query that is cancelled', async () => {
  let requests = 0;
  server.use(
    http.get(SETTINGS, () => {
      requests += 1;
      return busy('0.1');
    }),
  );
  const client = createQueryClient();
  const query = client.query(settingsQuery);
  await vi.waitFor(() => {
    expect(requests).toBe(1);
  });
  await Promise.all([client.cancelQueries(settingsQuery), expect(query).rejects.toThrow()]);
  await delay(300);
  expect(requests).toBe(1);
});

it('reports a response that is not from the API', async () => {
  server.use(http.get(SETTINGS, () => HttpResponse.html('<h1>Bad gateway</h1>', { status: 502 })));
  await expect(createQueryClient().query(settingsQuery)).rejects.toMatchObject({
    code: 'unexpected',
  });
});
