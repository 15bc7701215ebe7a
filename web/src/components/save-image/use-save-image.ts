import { useMutation } from '@tanstack/react-query';

import type { Drawn } from '@/components/save-image/draw-answer';
import type { Classification } from '@/lib/api-client';
import { titleOf, useModels } from '@/lib/models';
import { saveFile } from '@/lib/save-file';

interface Saved extends Omit<Drawn, 'model'> {
  name: string;
  answer: Classification;
}

/** Saves an image with what is shown over it and the answer, as a PNG. */
export const useSaveImage = () => {
  const { data: models } = useModels();
  return useMutation({
    mutationFn: async ({ name, answer, ...drawn }: Saved) => {
      const { drawAnswer } = await import('@/components/save-image/draw-answer');
      const model = titleOf(models, answer.model);
      saveFile(await drawAnswer(answer, { model, ...drawn }), fileName(name));
    },
  });
};

/** Returns the name of an image without its extension and characters that files cannot have. */
const fileName = (name: string): string => {
  const stem = name.replace(/\.\w{1,5}$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return `${stem || 'image'}-deepsky.png`;
};
