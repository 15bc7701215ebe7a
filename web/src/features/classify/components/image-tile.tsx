import { Badge, CloseButton, Text, UnstyledButton } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { memo } from 'react';

import { AnswerSummary } from '@/components/answer/answer-summary';
import { Thumbnail } from '@/components/answer/thumbnail';
import tile from '@/components/answer/tile.module.css';
import { FileThumbnail } from '@/features/classify/components/file-thumbnail';
import classes from '@/features/classify/components/image-tile.module.css';
import { errorOf, isSample, nameOf, type Image, type Source } from '@/features/classify/image';
import { shareSent, stepInWords } from '@/features/classify/step';
import { agrees } from '@/features/classify/summary';
import type { Classification } from '@/lib/api-client';
import { messages } from '@/lib/messages';
import { feedbackInWords } from '@/lib/wording';

interface Props {
  image: Image;
  /** What the model said of it, or each said. */
  answers: Classification[] | undefined;
  /** Whether it is to have the focus. */
  isFocused: boolean;
  onOpen: (turn: number) => void;
  onRemove: (turn: number) => void;
}

const text = messages.images;

/** One image of many: how far it is, or what was answered. */
export const ImageTile = memo(({ image, answers, isFocused, onOpen, onRemove }: Props) => {
  const { turn, source } = image;
  const name = nameOf(source);
  return (
    <li className={classes.item}>
      <UnstyledButton
        ref={isFocused ? focus : null}
        className={tile.tile}
        onClick={() => {
          onOpen(turn);
        }}
      >
        {answers?.[0] ? <Thumbnail id={answers[0].id} /> : <LocalLook source={source} />}
        <span className={tile.text}>
          <State image={image} answers={answers} />
          <span className={tile.name} title={name}>
            {name}
          </span>
        </span>
      </UnstyledButton>
      <CloseButton
        className={classes.remove}
        variant="default"
        radius="xl"
        aria-label={text.remove(name)}
        onClick={({ currentTarget }) => {
          focusBeside(currentTarget.closest('li'));
          onRemove(turn);
        }}
      />
    </li>
  );
});

ImageTile.displayName = 'ImageTile';

/** The image as it is on this machine, while it is in sight. */
const LocalLook = ({ source }: { source: Source }) => {
  const { ref, inViewport } = useInViewport();
  return (
    <span ref={ref} className={`${tile.image ?? ''} ${classes.frame ?? ''}`}>
      {inViewport &&
        (isSample(source) ? (
          <img src={source.address} alt="" className={classes.local} />
        ) : (
          <FileThumbnail file={source} className={classes.local} />
        ))}
    </span>
  );
};

const State = ({ image, answers }: Pick<Props, 'image' | 'answers'>) => {
  const [answer] = answers ?? [];
  const error = errorOf(image);
  if (answer !== undefined && answers !== undefined) {
    return (
      <>
        <AnswerSummary answer={answer} />
        {answer.feedback && <span className={tile.small}>{feedbackInWords(answer.feedback)}</span>}
        {!agrees(answers) && (
          <Badge color="yellow" variant="dot" tt="none" className={classes.differ}>
            {text.modelsDiffer}
          </Badge>
        )}
      </>
    );
  }
  if (error !== undefined) {
    return (
      <>
        <Text span fw={650}>
          {text.failed}
        </Text>
        <span className={tile.small}>{error.message}</span>
      </>
    );
  }
  return (
    <span className={classes.state} data-busy={image.step.name === 'asked' || undefined}>
      {shareSent(image.step) ?? stepInWords(image.step)}
    </span>
  );
};

const focus = (button: HTMLButtonElement | null) => {
  button?.focus();
};

/** What has the focus goes, and the focus must not go with it. */
const focusBeside = (item: Element | null) => {
  const beside = item?.nextElementSibling ?? item?.previousElementSibling;
  beside?.querySelector('button')?.focus();
};
