import type { components } from '@/api/schema';
import { ApiError, type Classification, failure, toApiError } from '@/lib/api-client';
import { authorization } from '@/lib/api-key';
import { serverPath } from '@/lib/base-path';

const CONTENT_TOO_LARGE = 413;

type Classified = components['schemas']['Classified'];

interface Options {
  image: File;
  model: string;
  /** The idempotency key. For each key and model, the server classifies the image only once. */
  key: string;
  signal: AbortSignal;
  /** Called during the upload with the uploaded fraction of the image, from 0 to 1. */
  onProgress: (progress: number) => void;
}

/**
 * Uploads an image and returns one classification or, if all models are requested, one per model.
 */
export const classifyImage = async (options: Options): Promise<Classification[]> => {
  const response = await upload(options);
  if (!('items' in response)) return [response];
  return response.items.map((item) => {
    if ('id' in item) return item;
    throw new ApiError(item.error.code, item.error.message);
  });
};

/** Uploads an image with XMLHttpRequest, because `fetch` does not report upload progress. */
const upload = ({ image, model, key, signal, onProgress }: Options): Promise<Classified> =>
  new Promise((resolve, reject) => {
    const form = new FormData();
    form.append('image', image);
    form.append('model', model);
    const request = new XMLHttpRequest();
    request.open('POST', serverPath('api/v1/classifications'));
    request.responseType = 'json';
    for (const [name, value] of Object.entries({ ...authorization(), 'Idempotency-Key': key })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(loaded / total);
    };
    request.onload = () => {
      const body: unknown = request.response;
      if (request.status === 201 && isClassified(body)) resolve(body);
      else if (request.status === CONTENT_TOO_LARGE && body === null) reject(tooLarge());
      else reject(toApiError(body, request.getResponseHeader('Retry-After')));
    };
    request.onerror = () => {
      reject(failure('unreachable'));
    };
    request.onabort = () => {
      reject(failure('unreachable'));
    };
    signal.addEventListener('abort', () => {
      request.abort();
    });
    request.send(form);
  });

const isClassified = (body: unknown): body is Classified =>
  typeof body === 'object' && body !== null && ('id' in body || 'items' in body);

/** Returns the error to show if a proxy rejects a large file without sending problem details. */
const tooLarge = () => new ApiError('file_too_large');
