import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';

import {
  createAnswer,
  createCard,
  createInspection,
  createSettings,
  model,
} from '@/testing/fixtures';

export const CLASSIFICATIONS = '*/api/v1/classifications';

export const FEEDBACK = '*/api/v1/classifications/:id/feedback';
export const SESSION = '*/api/v1/session';
export const MODELS = '*/api/v1/models';
export const CARD = '*/api/v1/models/:name';
export const HEALTH = '*/api/v1/health';
export const SETTINGS = '*/api/v1/settings';
export const SPEED = '*/api/v1/speed';

/** A mock server with successful responses. Handlers that are added by a test take precedence. */
export const server = setupServer(
  http.post(CLASSIFICATIONS, () => HttpResponse.json(createAnswer(), { status: 201 })),
  http.get(CLASSIFICATIONS + '/counts', () =>
    HttpResponse.json({ total: 2, verdicts: {}, labels: {}, models: {}, first: null, last: null }),
  ),
  http.get(CLASSIFICATIONS + '/:id', ({ params }) =>
    HttpResponse.json(createAnswer({ id: String(params.id) })),
  ),
  http.get(CLASSIFICATIONS + '/:id/inspection', () => HttpResponse.json(createInspection())),
  http.get(SESSION, () =>
    HttpResponse.json({ exists: true, has_key: false, remembered: true, previous: 0 }),
  ),
  http.post(SESSION, () => new HttpResponse(null, { status: 204 })),
  http.get(SETTINGS, () => HttpResponse.json(createSettings())),
  http.get(HEALTH, () => HttpResponse.json({ solver: null })),
  http.get(MODELS, () => HttpResponse.json([model])),
  http.get(CARD, () => HttpResponse.json(createCard(model))),
  http.get(SPEED, () => HttpResponse.json({ models: [] })),
  http.get('*.jpg', () => HttpResponse.arrayBuffer(new ArrayBuffer(8))),
);

export const problem = (status: number, code: string, detail: string) =>
  HttpResponse.json(
    { type: 'about:blank', title: '', status, detail, code },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );

/** The response of an overloaded server; `retryAfter` is in seconds. */
export const busy = (retryAfter?: string) => {
  const response = problem(503, 'overloaded', 'The server is busy.');
  if (retryAfter !== undefined) response.headers.set('Retry-After', retryAfter);
  return response;
};
