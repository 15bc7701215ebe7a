import createClient from 'openapi-fetch';

import type { components, operations, paths } from '@/api/schema';
import { authorization } from '@/lib/api-key';
import { messages } from '@/lib/messages';

export type Classification = Omit<components['schemas']['Classification'], 'error'>;
export interface AnswerPage {
  items: Classification[];
  next_cursor: string | null;
}
export type Label = Classification['label'];
export type Verdict = Classification['verdict'];
export type Card = components['schemas']['ModelCard'];
export type Metrics = components['schemas']['Metrics'];
export type ModelSummary = components['schemas']['ModelSummary'];
export type Feedback = components['schemas']['Feedback'];
export type FeedbackForm = components['schemas']['FeedbackForm'];
export type AnswerQuery = NonNullable<operations['listClassifications']['parameters']['query']>;

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that tests can put their own in its place.
  fetch: (request) => fetch(request),
});

api.use({
  onRequest: ({ request }) => {
    if (request.headers.has('Authorization')) return;
    for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
  },
});

/** Codes of a server that has too much to do. */
const BUSY = new Set(['overloaded', 'too_many_requests']);

/** Codes of what may well be over soon. */
const PASSING = new Set([...BUSY, 'unreachable', 'unexpected', 'storage_unavailable']);

/** Codes of a server that wants an API key, or another one. */
const KEYED = new Set(['key_required', 'invalid_key']);

/** Why the API gave no answer, in words for the person at the screen. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    /** The server's own words, in English; the page's where it has some for the code. */
    detail: string,
    /** Seconds after which the server wants to be asked again, where it said so. */
    readonly retryAfter?: number,
  ) {
    super(messages.errors.byCode[code] ?? detail);
  }

  /** Whether the same call may go well another time. */
  get isTransient(): boolean {
    return PASSING.has(this.code) || this.asksForKey;
  }

  /** Whether the server wants an API key, or another one. */
  get asksForKey(): boolean {
    return KEYED.has(this.code);
  }

  /** Whether the server answers others now, and wants to be asked again by itself. */
  get isBusy(): boolean {
    return BUSY.has(this.code) && this.retryAfter !== undefined;
  }

  /** Whether the server was not even reached. */
  get isUnreachable(): boolean {
    return this.code === 'unreachable';
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

export const asApiError = (error: unknown, retryAfter?: number): ApiError =>
  isProblem(error) ? new ApiError(error.code, error.detail, retryAfter) : failure('unexpected');

const isProblem = (error: unknown): error is { code: string; detail: string } =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
