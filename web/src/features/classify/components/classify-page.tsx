import { Button, Container, Group, Stack, Text } from '@mantine/core';
import { useCallback, useLayoutEffect, useState } from 'react';
import { useSearchParams } from 'react-router';

import { PageTitle } from '@/components/ui/page-title';
import classes from '@/features/classify/components/classify-page.module.css';
import { DropCurtain } from '@/features/classify/components/drop-curtain';
import { DropPrompt } from '@/features/classify/components/drop-prompt';
import { ModelChoice } from '@/features/classify/components/model-choice';
import { PhotoButton } from '@/features/classify/components/photo-button';
import { ImageList } from '@/features/classify/components/image-list';
import { ImageNavigation } from '@/features/classify/components/image-navigation';
import { Result } from '@/features/classify/components/result';
import { SampleGallery } from '@/features/classify/components/sample-gallery';
import type { Source } from '@/features/classify/image';
import { useImageInput } from '@/features/classify/use-image-input';
import { useQueue } from '@/features/classify/use-queue';
import type { FeedbackOn } from '@/lib/feedback-slot';
import { formatList } from '@/lib/format';
import { messages } from '@/lib/messages';
import { useChosenModel } from '@/lib/models';

/** Which image of many is shown in full, as the address says it. */
const SHOWN = 'image';

const NAMED = 3;

/** Where an image is classified: one alone is answered in full, many are a list to look through. */
export const ClassifyPage = ({ feedback }: { feedback: FeedbackOn }) => {
  const [model, setModel] = useChosenModel();
  const { queue, images, isHeld } = useQueue();
  const [params, setParams] = useSearchParams();
  const [isInUse, setIsInUse] = useState(false);
  const [arrivals, setArrivals] = useState(0);
  const [lastShown, setLastShown] = useState<number>();

  useLayoutEffect(() => {
    queue.ask(model);
  }, [queue, model]);

  const areMany = images.length > 1;
  const asked = Number(params.get(SHOWN));
  const shown = areMany ? images.find(({ turn }) => turn === asked) : images[0];

  const show = useCallback(
    (turn: number) => {
      setIsInUse(true);
      setLastShown(turn);
      setParams({ [SHOWN]: String(turn) }, { preventScrollReset: true });
    },
    [setParams],
  );
  const step = (turn: number) => {
    setLastShown(turn);
    setParams({ [SHOWN]: String(turn) }, { preventScrollReset: true, replace: true });
  };
  const showAll = () => {
    setParams({}, { preventScrollReset: true });
  };
  const take = (sources: Source[]) => {
    setIsInUse(true);
    setArrivals(arrivals + 1);
    if (areMany) queue.add(sources);
    else queue.replace(sources);
    setLastShown(undefined);
    if (params.has(SHOWN)) showAll();
  };
  const remove = useCallback(
    (...turns: number[]) => {
      setIsInUse(true);
      queue.remove(...turns);
    },
    [queue],
  );
  const input = useImageInput(take);

  return (
    <main {...input.rootProps} className={classes.main}>
      <input {...input.inputProps} />
      <Container size="lg" className={classes.content}>
        <PageTitle title={messages.title} lead={messages.lead} />
        <Stack gap="sm">
          <ModelChoice model={model} onChange={setModel} />
          <Text role="alert" className={classes.notice}>
            {!(areMany && shown) && input.leftOut.length > 0 && leftOut(input.leftOut)}
          </Text>
          {images.length === 0 && (
            <DropPrompt isFocused={isInUse} onOpen={input.open} onFiles={input.take} />
          )}
          {shown && (
            <Result
              key={shown.turn}
              image={shown}
              model={model}
              isHeld={isHeld}
              isNew={isInUse}
              feedback={feedback}
              navigation={
                areMany && (
                  <ImageNavigation
                    images={images}
                    turn={shown.turn}
                    onOpen={step}
                    onBack={showAll}
                  />
                )
              }
              action={!areMany && <Another onOpen={input.open} onPhoto={input.take} />}
              onCancel={() => {
                setLastShown(undefined);
                remove(shown.turn);
              }}
              onRetry={() => {
                queue.retry(shown.turn);
              }}
              onAnother={areMany ? undefined : input.open}
            />
          )}
          {areMany && !shown && (
            <ImageList
              key={arrivals} // what arrives from below the list brings it into view again
              images={images}
              model={model}
              isHeld={isHeld}
              isNew={isInUse && lastShown === undefined}
              focused={lastShown}
              adding={
                <Button variant="default" radius="xl" onClick={input.open}>
                  {messages.images.add}
                </Button>
              }
              onOpen={show}
              onRemove={remove}
              onRetry={() => {
                queue.retry();
              }}
            />
          )}
        </Stack>
        <SampleGallery
          onChoose={(sample) => {
            take([sample]);
          }}
        />
      </Container>
      <DropCurtain shown={input.isDragActive} />
    </main>
  );
};

/** Names a few of the files. */
const leftOut = (names: string[]): string => {
  const more = names.length - NAMED;
  const named = [...names.slice(0, NAMED), ...(more > 0 ? [messages.drop.more(more)] : [])];
  return messages.drop.leftOut(names.length, formatList(named));
};

const Another = (props: { onOpen: () => void; onPhoto: (files: File[]) => void }) => (
  <Group gap="xs">
    <PhotoButton variant="default" radius="xl" onPhoto={props.onPhoto} />
    <Button variant="default" radius="xl" onClick={props.onOpen}>
      {messages.another}
    </Button>
  </Group>
);
