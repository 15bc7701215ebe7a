import { Button, Text } from '@mantine/core';
import { useMediaQuery, useMergedRef } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef, useState } from 'react';

import { AnswerBody, AnswerHead } from '@/components/answer/answer';
import { AnswerSheet } from '@/components/answer/answer-sheet';
import stage from '@/components/answer/image-stage.module.css';
import { ProblemMessage } from '@/components/ui/problem-message';
import { useImageAnswers } from '@/features/classify/api/image-answers';
import { compareAnswers } from '@/features/classify/comparison';
import {
  AnswerPlaceholder,
  BarsPlaceholder,
} from '@/features/classify/components/answer-placeholder';
import { Comparison } from '@/features/classify/components/comparison';
import classes from '@/features/classify/components/image-result.module.css';
import { LocalImage } from '@/features/classify/components/local-image';
import { errorOf, isSample, nameOf, type QueuedImage } from '@/features/classify/queued-image';
import type { Size } from '@/features/classify/upload/scaled-size';
import { formatCount } from '@/lib/format';
import { useLanguage } from '@/lib/language';
import { currentMessages, useMessages } from '@/lib/messages';
import { ALL, titleOf, useModels } from '@/lib/models';
import type { RenderFeedback } from '@/lib/render-feedback';
import { sampleCredit, sampleTitle } from '@/lib/sample-text';
import type { Sample } from '@/lib/samples';

interface Props {
  image: QueuedImage;
  model: string;
  /** Whether the queue is paused because the server is overloaded. */
  isPaused: boolean;
  /** Whether to scroll the result into view. */
  isNew: boolean;
  feedback: RenderFeedback;
  /** Buttons that open the previous image, the next image, or the list. */
  navigation?: ReactNode;
  /** Called with the id of the answer that is shown. */
  onAnswerShown: (id: string) => void;
  onCancel: () => void;
  onRetry: () => void;
  /** Called when the user clicks “Another image”. */
  onAnother?: () => void;
  /** Called when the user chooses “Take a photo”. */
  onPhoto?: () => void;
}

/** Matches phones and tablets. */
const TOUCH_SCREEN = '(pointer: coarse)';

/** Shows an image with its classification by the selected model or by all models. */
export const ImageResult = ({ image, model, isPaused, isNew, navigation, ...props }: Props) => {
  const messages = useMessages();
  const { id, source, status } = image;
  const { data: models = [] } = useModels();
  const [selected, setSelected] = useState<string>();
  const hasCamera = useMediaQuery(TOUCH_SCREEN);
  const sheet = useRef<HTMLElement>(null);
  const ref = useMergedRef(sheet, isNew ? scrollIntoView : null);
  const names = models.map(({ name }) => name);
  const answers = (useImageAnswers(id, model) ?? []).toSorted(
    (a, b) => names.indexOf(a.model) - names.indexOf(b.model),
  );
  const answer = answers.find((one) => one.model === selected) ?? answers[0];
  const { onAnswerShown } = props;
  const shownId = answer?.id;
  useEffect(() => {
    if (shownId !== undefined) onAnswerShown(shownId);
  }, [shownId, onAnswerShown]);
  const problem = errorOf(image);
  const isBusy = answer === undefined && problem === undefined;
  const isComparing = model === ALL;
  const name = nameOf(image);
  const modelTitle = (model: string) => titleOf(models, model);
  const { text, outliers } = compareAnswers(
    answers,
    modelTitle,
    models.filter(({ members }) => members.length > 0).map((one) => one.name),
  );

  return (
    <>
      <AnswerSheet
        ref={ref}
        name={name}
        caption={captionOf(image)}
        answer={answer}
        busy={isBusy}
        summary={
          <>
            {navigation}
            {isComparing && (
              <Text role="status" fw={600} className={classes.comparison}>
                {answers.length > 0 && text}
              </Text>
            )}
          </>
        }
        head={
          <>
            {isBusy && (
              <AnswerPlaceholder status={status} isPaused={isPaused} onCancel={props.onCancel} />
            )}
            {answer && (
              <AnswerHead
                answer={answer}
                intro={
                  isComparing
                    ? messages.compare.shown({ model: modelTitle(answer.model) })
                    : undefined
                }
                feedback={props.feedback(answer)}
              />
            )}
            {problem && (
              <ProblemMessage
                error={problem}
                onRetry={props.onRetry}
                {...(props.onAnother && { onAnother: props.onAnother })}
              />
            )}
          </>
        }
        actions={
          !problem &&
          props.onAnother && (
            <Button variant="default" radius="xl" onClick={props.onAnother}>
              {messages.another}
            </Button>
          )
        }
        menuActions={
          hasCamera && props.onPhoto
            ? [{ name: messages.drop.photo, onSelect: props.onPhoto }]
            : undefined
        }
        preview={
          <LocalImage
            source={source}
            className={stage.layer}
            // The server's preview of an answered image does not cover the whole stage.
            fallback={
              answer ? undefined : <p>{isBusy ? messages.previewLater : messages.noPreview}</p>
            }
          />
        }
      >
        {isBusy && <BarsPlaceholder />}
        {answer && <AnswerBody answer={answer} />}
      </AnswerSheet>
      {isComparing && !problem && (
        <Comparison
          names={names}
          answers={answers}
          titleOf={modelTitle}
          outliers={outliers}
          shown={answer?.model}
          onShow={(one) => {
            setSelected(one);
            scrollIntoView(sheet.current);
          }}
        />
      )}
    </>
  );
};

/** Returns the file name, with the sizes if the image was scaled down, or what a sample shows. */
const captionOf = (image: QueuedImage): ReactNode => {
  const { source, status, scaled } = image;
  const name = nameOf(image);
  if (isSample(source))
    return status.name === 'answered' ? <SampleCaption sample={source} /> : name;
  return scaled
    ? currentMessages().upload.scaled({
        name,
        sent: sizeText(scaled),
        original: sizeText(scaled.original),
      })
    : name;
};

const sizeText = ({ width, height }: Size): string =>
  currentMessages().details.sizeValue({ width: formatCount(width), height: formatCount(height) });

const SampleCaption = ({ sample }: { sample: Sample }) => {
  const text = useMessages().samples;
  const language = useLanguage();
  return (
    <>
      {sampleCredit(sample, sampleTitle(sample))}
      {sample.note && <p className={classes.note}>{sample.note[language]}</p>}
      {sample.isTrained && <p className={classes.note}>{text.trained}</p>}
    </>
  );
};

/** Scrolls to the result and focuses it, because the focused button may have been removed. */
const scrollIntoView = (section: HTMLElement | null) => {
  section?.focus({ preventScroll: true });
  section?.scrollIntoView({ block: 'start' });
};
