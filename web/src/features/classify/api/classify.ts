import { useQuery } from '@tanstack/react-query';

import { isSample, type Picture, type Source } from '@/features/classify/picture';
import type { Sample } from '@/features/classify/samples';
import { api, type ApiError, type Classification, dataOf, failure, reach } from '@/lib/api-client';

/**
 * The answer for a picture.
 *
 * Each picture has its own key: with a new one the earlier request is aborted, and its answer
 * can never be taken for that of the new one.
 */
export const useClassification = ({ turn, source }: Picture) =>
  useQuery<Classification, ApiError>({
    queryKey: ['classification', turn],
    queryFn: ({ signal }) => classify(source, signal),
    gcTime: 0,
  });

const classify = async (source: Source, signal: AbortSignal): Promise<Classification> => {
  const image = isSample(source) ? await fetchSample(source, signal) : source;
  const answer = await dataOf(
    api.POST('/api/v1/classifications', {
      body: { image: [image] },
      bodySerializer: () => {
        const form = new FormData();
        form.append('image', image);
        return form;
      },
      signal,
    }),
  );
  if ('items' in answer) throw failure('unexpected'); // one picture has one answer
  return answer;
};

const fetchSample = async ({ address, file }: Sample, signal: AbortSignal): Promise<File> => {
  const response = await reach(fetch(address, { signal }));
  if (!response.ok) throw failure('unexpected');
  return new File([await reach(response.arrayBuffer())], file);
};
