import { useQuery } from '@tanstack/react-query';

import { isSample, type Picture, type Source } from '@/features/classify/picture';
import { api, ApiError, type Classification, dataOf } from '@/lib/api-client';
import { messages } from '@/lib/messages';

/**
 * The answer for a picture.
 *
 * Each picture has its own key: with a new one the earlier request is aborted, and its answer
 * can never be taken for that of the new one.
 */
export const useClassification = ({ turn, source }: Picture) =>
  useQuery({
    queryKey: ['classification', turn],
    queryFn: ({ signal }) => classify(source, signal),
    gcTime: 0,
  });

const classify = async (source: Source, signal: AbortSignal): Promise<Classification> => {
  const image = isSample(source) ? await fetchSample(source.address, signal) : source;
  return dataOf(
    api.POST('/api/v1/classifications', {
      body: { image },
      bodySerializer: () => {
        const form = new FormData();
        form.append('image', image, isSample(source) ? source.file : source.name);
        return form;
      },
      signal,
    }),
  );
};

const fetchSample = async (address: string, signal: AbortSignal): Promise<Blob> => {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new ApiError('unexpected', messages.errors.unexpected(response.status));
  return response.blob();
};
