import type { components } from '@/api/schema';
import { ApiError, asApiError, type Classification, failure } from '@/lib/api-client';
import { authorization } from '@/lib/api-key';
import { messages } from '@/lib/messages';

const TOO_LARGE = 413;

type Classified = components['schemas']['Classified'];

interface Request {
  image: File;
  model: string;
  /** A name for all that is asked about this image: what was answered before is not done again. */
  key: string;
  signal: AbortSignal;
  /** Told which share of the image is sent. */
  onProgress: (share: number) => void;
}

/** What a model says of an image, or what each says. */
export const classify = async (request: Request): Promise<Classification[]> => {
  const answer = await send(request);
  if (!('items' in answer)) return [answer];
  return answer.items.map((item) => {
    if ('id' in item) return item;
    throw new ApiError(item.error.code, item.error.message);
  });
};

/** Sends by XMLHttpRequest: `fetch` does not tell how far it is. */
const send = ({ image, model, key, signal, onProgress }: Request): Promise<Classified> =>
  new Promise((resolve, reject) => {
    const form = new FormData();
    form.append('image', image);
    form.append('model', model);
    const call = new XMLHttpRequest();
    call.open('POST', '/api/v1/classifications');
    call.responseType = 'json';
    for (const [name, value] of Object.entries({ ...authorization(), 'Idempotency-Key': key })) {
      call.setRequestHeader(name, value);
    }
    call.upload.onprogress = ({ loaded, total }) => {
      onProgress(loaded / total);
    };
    call.onload = () => {
      const reply = call.response as Classified | null;
      if (call.status === 201 && reply !== null) resolve(reply);
      else if (call.status === TOO_LARGE && reply === null) reject(tooLarge());
      else reject(asApiError(reply, secondsIn(call.getResponseHeader('Retry-After'))));
    };
    call.onerror = () => {
      reject(failure('unreachable'));
    };
    call.onabort = () => {
      reject(failure('unreachable'));
    };
    signal.addEventListener('abort', () => {
      call.abort();
    });
    call.send(form);
  });

/** Who refuses a file before deepsky itself looks at it, such as a proxy, tells no more. */
const tooLarge = () => new ApiError('file_too_large', messages.errors.unexpected);

const secondsIn = (header: string | null): number | undefined => {
  const seconds = Number(header ?? NaN);
  return Number.isNaN(seconds) ? undefined : seconds;
};
