import createClient from 'openapi-fetch';

import type { components, operations, paths } from '@/api/schema';
import { messages } from '@/lib/messages';

export type Classification = Omit<components['schemas']['Classification'], 'error'>;
export interface AnswerPage {
  items: Classification[];
  next_cursor: string | null;
}
export type Label = Classification['label'];
export type Verdict = Classification['verdict'];
export type Card = components['schemas']['Card'];
export type Feedback = components['schemas']['Feedback'];
export type FeedbackForm = components['schemas']['FeedbackForm'];
export type AnswerQuery = NonNullable<operations['listClassifications']['parameters']['query']>;

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that tests can put their own in its place.
  fetch: (request) => fetch(request),
});

/** Codes of what may well be over soon. */
const PASSING = new Set([
  'unreachable',
  'unexpected',
  'overloaded',
  'too_many_requests',
  'storage_unavailable',
]);

/** Why the API gave no answer, in words for the person at the screen. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Whether the same call may go well another time. */
  get isTransient(): boolean {
    return PASSING.has(this.code);
  }
}

/** What a call gives; throws an ApiError where the server is not reached or not understood. */
export const reach = <T>(call: Promise<T>): Promise<T> =>
  call.catch((cause: unknown) => {
    throw cause instanceof TypeError ? failure('unreachable') : failure('unexpected');
  });

interface Reply<T> {
  data?: T;
  error?: unknown;
}

/** The data of a reply; throws an ApiError where there is none. */
export const dataOf = async <T>(call: Promise<Reply<T>>): Promise<T> => {
  const { data, error } = await reach(call);
  if (data !== undefined) return data;
  throw asApiError(error);
};

/** Waits for a reply that has no data; throws an ApiError where the call went wrong. */
export const done = async (call: Promise<{ error?: unknown; response: Response }>) => {
  const { error, response } = await reach(call);
  if (!response.ok) throw asApiError(error);
};

export const failure = (code: 'unreachable' | 'unexpected') =>
  new ApiError(code, messages.errors[code]);

const asApiError = (error: unknown): ApiError =>
  isProblem(error) ? new ApiError(error.code, error.detail) : failure('unexpected');

const isProblem = (error: unknown): error is { code: string; detail: string } =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
