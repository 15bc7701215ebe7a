import { reach, send } from '@/lib/api-client';
import { authorization } from '@/lib/api-key';

/** Loads an image from the API with the API key, if one is set. */
export const fetchImage = async (url: string, signal?: AbortSignal): Promise<Blob> => {
  const request = new Request(new URL(url, window.location.href), {
    headers: authorization(),
    signal: signal ?? null,
  });
  const response = await send(request);
  return reach(response.blob());
};
