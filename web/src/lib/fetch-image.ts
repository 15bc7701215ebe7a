import { errorOf, reach } from '@/lib/api-client';
import { authorization } from '@/lib/api-key';

/** Loads an image from the API with the API key, if one is set. */
export const fetchImage = async (url: string, signal?: AbortSignal): Promise<Blob> => {
  const response = await reach(fetch(url, { headers: authorization(), signal: signal ?? null }));
  if (!response.ok) throw await errorOf(response);
  return reach(response.blob());
};
