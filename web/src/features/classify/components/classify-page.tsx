import { Container, Text, Title } from '@mantine/core';
import { useState } from 'react';

import classes from '@/features/classify/components/classify-page.module.css';
import { DropCurtain } from '@/features/classify/components/drop-curtain';
import { DropPrompt } from '@/features/classify/components/drop-prompt';
import { Result } from '@/features/classify/components/result';
import { SampleGallery } from '@/features/classify/components/sample-gallery';
import type { Source } from '@/features/classify/picture';
import { usePictureInput } from '@/features/classify/use-picture-input';
import { messages } from '@/lib/messages';

export const ClassifyPage = () => {
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
        <div>
          <Title order={1} className={classes.title}>
            {messages.title}
          </Title>
          <Text className={classes.lead}>{messages.lead}</Text>
        </div>
        {source === null ? (
          <DropPrompt onOpen={input.open} />
        ) : (
          <Result
            key={turn}
            turn={turn}
            source={source}
            onOpen={input.open}
            onCancel={() => {
              choose(null);
            }}
          />
        )}
        <Text role="alert" c="red" className={classes.notice}>
          {input.rejected && messages.drop.onlyOne}
        </Text>
        <SampleGallery onChoose={choose} />
      </Container>
      <DropCurtain shown={input.isDragActive} />
    </main>
  );
};
