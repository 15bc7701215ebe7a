import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';

import type { Drawn } from '@/components/save-image/draw-answer';
import type { Classification } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';
import { saveFile } from '@/lib/save-file';

interface Props extends Omit<Drawn, 'model'> {
  name: string;
  answer: Classification;
}

/** A button that saves the image with what is shown over it and the answer, as a PNG. */
export const SaveImageButton = ({ name, answer, ...drawn }: Props) => {
  const text = useMessages().saveImage;
  const { data: models } = useModels();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const { drawAnswer } = await import('@/components/save-image/draw-answer');
      const model = titleOf(models, answer.model);
      saveFile(await drawAnswer(answer, { model, ...drawn }), fileName(name));
    },
  });
  return (
    <>
      <Button
        variant="default"
        radius="xl"
        px="sm"
        aria-label={text.described}
        loading={isPending}
        onClick={() => {
          mutate();
        }}
      >
        {text.button}
      </Button>
      {error && (
        <Text role="alert" size="sm">
          {text.failed({ reason: error.message })}
        </Text>
      )}
    </>
  );
};

/** Returns the name of an image without its extension and characters that files cannot have. */
const fileName = (name: string): string => {
  const stem = name.replace(/\.\w{1,5}$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return `${stem || 'image'}-deepsky.png`;
};
