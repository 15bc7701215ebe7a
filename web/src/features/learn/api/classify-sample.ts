import { useMutation } from '@tanstack/react-query';

import { api, type ApiError, type Classification, dataOf, failure, reach } from '@/lib/api-client';
import type { Sample } from '@/lib/samples';

interface Variables {
  sample: Sample;
  model: string;
}

/** Downloads a sample image and classifies it through the API. */
export const useClassifySample = () =>
  useMutation<Classification, ApiError, Variables>({ mutationFn: classifySample });

const classifySample = async ({ sample, model }: Variables): Promise<Classification> => {
  const response = await reach(fetch(sample.url));
  const image = new File([await reach(response.blob())], sample.file);
  const answer = await dataOf(
    api.POST('/api/v1/classifications', {
      body: { image: [image], model },
      bodySerializer: () => {
        const form = new FormData();
        form.append('image', image);
        form.append('model', model);
        return form;
      },
    }),
  );
  if ('items' in answer) throw failure('unexpected');
  return answer;
};
