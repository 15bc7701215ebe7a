import { Button, Text } from '@mantine/core';
import { lazy, Suspense, useCallback, useLayoutEffect, useRef, useState } from 'react';

import { PageTitle } from '@/components/ui/page-title';
import classes from '@/features/classify/components/classify-page.module.css';
import { DropOverlay } from '@/features/classify/components/drop-overlay';
import { DropPrompt } from '@/features/classify/components/drop-prompt';
import { FileField } from '@/features/classify/components/file-field';
import { ImageNavigation } from '@/features/classify/components/image-navigation';
import { ModelChoice } from '@/features/classify/components/model-choice';
import { OriginalSwitch } from '@/features/classify/components/original-switch';
import { CAMERA } from '@/features/classify/components/photo-button';
import type { ImageSource } from '@/features/classify/queued-image';
import { useAnswerAddress } from '@/features/classify/use-answer-address';
import { useImageInput } from '@/features/classify/use-image-input';
import { useImageQueue } from '@/features/classify/use-image-queue';
import { formatList } from '@/lib/format';
import { currentMessages, useMessages } from '@/lib/messages';
import { useChosenModel } from '@/lib/models';
import type { RenderFeedback } from '@/lib/render-feedback';
import { whenIdle } from '@/lib/when-idle';

// The images are not needed before the page can be used.
const SampleGallery = lazy(async () => {
  await new Promise<void>(whenIdle);
  return {
    default: (await import('@/features/classify/components/sample-gallery')).SampleGallery,
  };
});

// Loaded after the page is shown; see `preloadPages`.
const ImageList = lazy(async () => ({
  default: (await import('@/features/classify/components/image-list')).ImageList,
}));
const ImageResult = lazy(async () => ({
  default: (await import('@/features/classify/components/image-result')).ImageResult,
}));

const MAX_NAMES = 3;

/** The “Classify” page. It shows a single image in full and several images as a list. */
export const ClassifyPage = ({ feedback }: { feedback: RenderFeedback }) => {
  const messages = useMessages();
  const [model, setModel] = useChosenModel();
  const { queue, images, isPaused } = useImageQueue();
  const address = useAnswerAddress(images);
  const { isList, openImage } = address;
  const [hasInteracted, setHasInteracted] = useState(false);
  const [batch, setBatch] = useState(0);
  const [lastOpened, setLastOpened] = useState<number>();

  useLayoutEffect(() => {
    queue.setModel(model);
  }, [queue, model]);

  const { open: openAddress } = address;
  const open = useCallback(
    (id: number) => {
      setHasInteracted(true);
      setLastOpened(id);
      openAddress(id);
    },
    [openAddress],
  );
  const goTo = (id: number) => {
    setLastOpened(id);
    openAddress(id, { replace: true });
  };
  const addSources = (sources: ImageSource[]) => {
    setHasInteracted(true);
    setBatch(batch + 1);
    if (isList) queue.add(sources);
    else queue.replace(sources);
    setLastOpened(undefined);
    address.showAll();
  };
  const remove = useCallback(
    (...ids: number[]) => {
      setHasInteracted(true);
      queue.remove(...ids);
    },
    [queue],
  );
  const input = useImageInput(addSources);
  const field = useRef<HTMLInputElement>(null);
  const chooseFiles = () => field.current?.click();
  const camera = useRef<HTMLInputElement>(null);
  const takePhoto = () => camera.current?.click();

  return (
    <main id="content" className={classes.main}>
      <FileField ref={field} multiple onFiles={input.addFiles} />
      <FileField ref={camera} {...CAMERA} onFiles={input.addFiles} />
      <div className={classes.content}>
        <PageTitle title={messages.title} lead={messages.lead} />
        <div className={classes.start}>
          <ModelChoice model={model} onChange={setModel} />
          <Text role="alert" className={classes.notice}>
            {!(isList && openImage) && noticeText(input)}
          </Text>
          {(images.length === 0 || address.isStart) && (
            <DropPrompt isFocused={hasInteracted} onOpen={chooseFiles} onFiles={input.addFiles} />
          )}
          <Suspense>
            {openImage && (
              <ImageResult
                key={openImage.id}
                image={openImage}
                model={model}
                isPaused={isPaused}
                isNew={hasInteracted}
                feedback={feedback}
                onAnswerShown={address.onAnswerShown}
                navigation={
                  isList && (
                    <ImageNavigation
                      images={images}
                      id={openImage.id}
                      onOpen={goTo}
                      onBack={address.showAll}
                    />
                  )
                }
                onCancel={() => {
                  setLastOpened(undefined);
                  remove(openImage.id);
                }}
                onRetry={() => {
                  queue.retry(openImage.id);
                }}
                {...(!isList && { onAnother: chooseFiles, onPhoto: takePhoto })}
              />
            )}
            {isList && !openImage && (
              <ImageList
                key={batch} // remounts the list, which scrolls it into view
                images={images}
                model={model}
                isPaused={isPaused}
                isNew={hasInteracted && lastOpened === undefined}
                focused={lastOpened}
                addButtons={
                  <Button variant="default" radius="xl" onClick={chooseFiles}>
                    {messages.images.add}
                  </Button>
                }
                onOpen={open}
                onRemove={remove}
                onRetry={() => {
                  queue.retry();
                }}
              />
            )}
          </Suspense>
        </div>
        <OriginalSwitch />
        <Suspense fallback={<div className={classes.samples} />}>
          <SampleGallery
            onChoose={(sample) => {
              addSources([sample]);
            }}
          />
        </Suspense>
      </div>
      <DropOverlay shown={input.isDragActive} />
    </main>
  );
};

/** Returns a notice about the files that are not classified. */
const noticeText = ({ skipped, unreadable }: ReturnType<typeof useImageInput>): string => {
  const text = currentMessages().drop;
  return [
    unreadable.length > 0 && text.unreadable(namesOf(unreadable)),
    skipped.length > 0 && text.skipped(namesOf(skipped)),
  ]
    .filter(Boolean)
    .join(' ');
};

/** Returns the number of files, and the names of the first few. */
const namesOf = (names: string[]) => {
  const more = names.length - MAX_NAMES;
  const named = names.slice(0, MAX_NAMES);
  if (more > 0) named.push(currentMessages().drop.more({ count: more }));
  return { count: names.length, names: formatList(named) };
};
