import createClient from 'openapi-fetch';

import type { components, paths } from '@/api/schema';
import { messages } from '@/lib/messages';

export type Classification = Omit<components['schemas']['Classification'], 'error'>;
export type Label = Classification['label'];
export type Verdict = Classification['verdict'];
export type Card = components['schemas']['Card'];

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that tests can put their own in its place.
  fetch: (request) => fetch(request),
});

/** Why the API gave no answer, in words for the person at the screen. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a reply; throws an ApiError where there is none, unless the call was aborted. */
export const dataOf = async <T>(call: Promise<Reply<T>>): Promise<T> => {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if (cause instanceof TypeError) throw new ApiError('unreachable', messages.errors.unreachable);
    throw cause;
  });
  if (data !== undefined) return data;
  throw isProblem(error)
    ? new ApiError(error.code, error.detail)
    : new ApiError('unexpected', messages.errors.unexpected(response.status));
};

const isProblem = (error: unknown): error is { code: string; detail: string } =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
