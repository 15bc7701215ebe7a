import { Container, Stack, Text } from '@mantine/core';
import { useState } from 'react';

import { PageTitle } from '@/components/ui/page-title';
import classes from '@/features/classify/components/classify-page.module.css';
import { DropCurtain } from '@/features/classify/components/drop-curtain';
import { DropPrompt } from '@/features/classify/components/drop-prompt';
import { ModelChoice } from '@/features/classify/components/model-choice';
import { Result } from '@/features/classify/components/result';
import { SampleGallery } from '@/features/classify/components/sample-gallery';
import type { Source } from '@/features/classify/picture';
import { usePictureInput } from '@/features/classify/use-picture-input';
import type { FeedbackOn } from '@/lib/feedback-slot';
import { messages } from '@/lib/messages';
import { useChosenModel } from '@/lib/models';

export const ClassifyPage = ({ feedback }: { feedback: FeedbackOn }) => {
  const [model, setModel] = useChosenModel();
  const [{ turn, source }, setPicture] = useState<{ turn: number; source: Source | null }>({
    turn: 0,
    source: null,
  });
  const choose = (chosen: Source | null) => {
    setPicture((earlier) => ({ turn: earlier.turn + 1, source: chosen }));
  };
  const input = usePictureInput(choose);

  return (
    <main {...input.rootProps} className={classes.main}>
      <input {...input.inputProps} />
      <Container size="lg" className={classes.content}>
        <PageTitle title={messages.title} lead={messages.lead} />
        <Stack gap="sm">
          <ModelChoice model={model} onChange={setModel} />
          {source === null ? (
            <DropPrompt onOpen={input.open} />
          ) : (
            <Result
              key={turn}
              turn={turn}
              source={source}
              model={model}
              feedback={feedback}
              onOpen={input.open}
              onCancel={() => {
                choose(null);
              }}
            />
          )}
        </Stack>
        <Text role="alert" c="red" className={classes.notice}>
          {input.rejected && messages.drop.onlyOne}
        </Text>
        <SampleGallery onChoose={choose} />
      </Container>
      <DropCurtain shown={input.isDragActive} />
    </main>
  );
};
