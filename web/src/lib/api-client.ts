import createClient from 'openapi-fetch';

import type { components, operations, paths } from '@/api/schema';
import { authorization } from '@/lib/api-key';
import { baseUrl } from '@/lib/base-path';
import { currentMessages } from '@/lib/messages';
import { noteSource } from '@/lib/offline';

export type Classification = Omit<components['schemas']['Classification'], 'error'>;
/** A classification in a list, which has fewer fields. */
export type AnswerSummary = components['schemas']['ClassificationSummary'];
export type AnswerPage = components['schemas']['ClassificationList'];
export type AnswerCounts = components['schemas']['ClassificationCounts'];
export type Label = Classification['label'];
export type IdentifiedObject = components['schemas']['IdentifiedObject'];
export type FieldObject = components['schemas']['FieldObject'];
export type FoundObject = components['schemas']['Detection'];
/** An object of the catalogue. */
export type CatalogueObject = Omit<IdentifiedObject, 'found_by'>;
export type Kind = CatalogueObject['kind'];
/** A kind of images without a deep-sky object, such as a planet. */
export type OtherKind = Exclude<NonNullable<Classification['subtype']>['name'], Kind>;
export type Sky = components['schemas']['Sky'];
/** The reason why an image has not been placed on the sky. */
export type SkyError = NonNullable<Classification['sky_error']>;
export type Inspection = components['schemas']['Inspection'];
export type Verdict = Classification['verdict'];
export type Card = components['schemas']['ModelCard'];
export type Metrics = components['schemas']['Metrics'];
export type ModelSummary = components['schemas']['ModelSummary'];
export type Feedback = components['schemas']['Feedback'];
export type FeedbackForm = components['schemas']['FeedbackForm'];
export type AnswerQuery = NonNullable<operations['listClassifications']['parameters']['query']>;

/** The maximum number of times that a request is repeated. */
const MAX_REPETITIONS = 10;

/**
 * Sends a request, and returns the response; throws an `ApiError` if it is an error.
 *
 * If the server is overloaded, the request is repeated after the time that the response states.
 */
export const send = async (request: Request): Promise<Response> => {
  for (let repetitions = 0; ; repetitions += 1) {
    const response = await reach(fetch(request.clone()));
    noteSource(response);
    if (response.ok) return response;
    const error = await errorOf(response);
    if (!error.isBusy || repetitions === MAX_REPETITIONS) throw error;
    await wait(error.retryAfter ?? 0, request.signal);
  }
};

/** Waits for a number of seconds; throws if the signal is aborted. */
const wait = async (seconds: number, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 1000 * seconds);
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  signal.throwIfAborted();
};

export const api = createClient<paths>({
  baseUrl,
  fetch: send,
});

api.use({
  onRequest: ({ request }) => {
    if (request.headers.has('Authorization')) return;
    for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
  },
});

/** The error codes for an overloaded server and for exceeded rate limits. */
const BUSY = new Set(['overloaded', 'too_many_requests']);

/** The error codes for temporary failures. */
const TRANSIENT = new Set([...BUSY, 'unreachable', 'unexpected', 'storage_unavailable']);

/** The error codes for a missing or invalid API key. */
const KEY_ERRORS = new Set(['key_required', 'invalid_key']);

/** An error response of the API, or a failed request, with a message for users. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    /** The server's message in English, shown if the error code has no complete translation. */
    detail = '',
    /** The number of seconds to wait before retrying, if the server sent a `Retry-After` header. */
    readonly retryAfter?: number,
  ) {
    super();
    // The language can change while an error is shown.
    Object.defineProperty(this, 'message', { get: () => messageOf(code, detail) });
  }

  /** Whether a retry may succeed. */
  get isTransient(): boolean {
    return TRANSIENT.has(this.code) || this.isKeyError;
  }

  /** Whether the API key is missing or invalid. */
  get isKeyError(): boolean {
    return KEY_ERRORS.has(this.code);
  }

  /** Whether the server is overloaded and sent a `Retry-After` header. */
  get isBusy(): boolean {
    return BUSY.has(this.code) && this.retryAfter !== undefined;
  }

  /** Whether the server could not be reached. */
  get isUnreachable(): boolean {
    return this.code === 'unreachable';
  }
}

const messageOf = (code: string, detail: string): string => {
  const { byCode, unsupportedFormat } = currentMessages().errors;
  return code === 'unsupported_format' ? unsupportedFormat({ detail }) : (byCode[code] ?? detail);
};

/** Awaits a network call; throws an `ApiError` if it fails. */
export const reach = <T>(call: Promise<T>): Promise<T> =>
  call.catch((cause: unknown) => {
    throw cause instanceof TypeError ? failure('unreachable') : asApiError(cause);
  });

/** Returns a caught value if it is an `ApiError`, and otherwise that the response is unexpected. */
export const asApiError = (cause: unknown): ApiError =>
  cause instanceof ApiError ? cause : failure('unexpected');

/** Awaits a response and returns its data; throws an `ApiError` if the call failed. */
export const dataOf = async <T>(call: Promise<{ data?: T }>): Promise<T> => {
  const { data } = await reach(call);
  if (data === undefined) throw failure('unexpected');
  return data;
};

/** Awaits a response that has no data; throws an `ApiError` if the call failed. */
export const done = async (call: Promise<unknown>): Promise<void> => {
  await reach(call);
};

export const failure = (code: 'unreachable' | 'unexpected') => new ApiError(code);

/** Returns the error that a response reports. */
const errorOf = async (response: Response): Promise<ApiError> => {
  const problem: unknown = await response.json().catch(() => undefined);
  return toApiError(problem, response.headers.get('Retry-After'));
};

/** Converts problem details and a `Retry-After` header to an `ApiError`. */
export const toApiError = (problem: unknown, retryAfter: string | null): ApiError =>
  isProblem(problem)
    ? new ApiError(problem.code, problem.detail, secondsIn(retryAfter))
    : failure('unexpected');

const secondsIn = (header: string | null): number | undefined => {
  const seconds = Number(header ?? NaN);
  return Number.isNaN(seconds) ? undefined : seconds;
};

const isProblem = (value: unknown): value is { code: string; detail: string } =>
  typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
