import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';

import { AnswerSheet } from '@/components/answer/answer-sheet';
import { previewAddress } from '@/components/answer/image-addresses';
import { KeyHint } from '@/components/ui/key-hint';
import { labelKeys } from '@/components/ui/label-buttons';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { ServerImage } from '@/components/ui/server-image';
import { HelpDialog } from '@/features/review/components/help-dialog';
import { JudgePanel } from '@/features/review/components/judge-panel';
import classes from '@/features/review/components/review-page.module.css';
import { type Unsaved, useReview } from '@/features/review/use-review';
import { messages } from '@/lib/messages';
import { useKeys } from '@/lib/use-keys';
import { useShortcuts } from '@/lib/use-shortcuts';

const text = messages.review;

/** Judging one answer after the other, the most doubtful first, without leaving the keyboard. */
export const ReviewPage = () => {
  const review = useReview();
  const [isHelpOpen, help] = useDisclosure(false);
  const [areKeysOn] = useShortcuts();
  const { answers, answer, next, at, count, hasMore } = review;
  const back = () => {
    review.goTo(at - 1);
  };
  const forward = () => {
    review.goTo(at + 1);
  };
  useKeys({
    ...labelKeys(review.judge),
    ArrowLeft: back,
    ArrowRight: forward,
    u: review.undo,
    '?': help.open,
  });

  return (
    <Page title={text.title} lead={text.lead}>
      <HelpDialog isOpen={isHelpOpen} onClose={help.close} />
      {review.error && <ProblemMessage error={review.error} onRetry={review.reload} />}
      {answers === undefined && !review.error && <Skeleton height="40rem" radius="lg" aria-busy />}
      {answers?.length === 0 && <End words={text.nothing} />}
      {answers !== undefined && answers.length > 0 && (
        <Stack gap="sm">
          <Group justify="space-between" gap="sm">
            <Text c="dimmed">
              {answer === undefined
                ? text.judged(count)
                : text.place(at + 1, answers.length, hasMore, count)}
            </Text>
            <Group gap="xs">
              <Button variant="default" disabled={at === 0} onClick={back}>
                {text.back}
                <KeyHint>←</KeyHint>
              </Button>
              <Button variant="default" disabled={answer === undefined} onClick={forward}>
                {text.skip}
                <KeyHint>→</KeyHint>
              </Button>
              <Button variant="default" disabled={count === 0} onClick={review.undo}>
                {text.undo}
                <KeyHint>U</KeyHint>
              </Button>
              {areKeysOn && (
                <Button variant="default" className={classes.help} onClick={help.open}>
                  {text.help}
                  <KeyHint>?</KeyHint>
                </Button>
              )}
            </Group>
          </Group>
          {review.unsaved.map((one) => (
            <NotSaved
              key={one.answer.id}
              unsaved={one}
              onRetry={() => {
                review.say(one.answer, one.label);
              }}
            />
          ))}
          {answer === undefined && !review.isFetching && <End words={text.done(count)} />}
          {answer === undefined && review.isFetching && <Skeleton height="37rem" radius="lg" />}
          {answer && (
            <AnswerSheet name={answer.path} answer={answer} answerFirst>
              <JudgePanel answer={answer} onJudge={review.judge} />
            </AnswerSheet>
          )}
          {next && <ServerImage src={previewAddress(next.id)} alt="" hidden />}
        </Stack>
      )}
    </Page>
  );
};

const End = ({ words }: { words: string }) => (
  <div>
    <Text role="status" mb="md">
      {words}
    </Text>
    <Group>
      <Button component={Link} to="/" radius="xl">
        {text.classify}
      </Button>
      <Button component={Link} to="/history" radius="xl" variant="default">
        {text.history}
      </Button>
    </Group>
  </div>
);

const NotSaved = ({ unsaved, onRetry }: { unsaved: Unsaved; onRetry: () => void }) => (
  <Group role="alert" gap="sm">
    <Text size="sm">
      {text.failed(unsaved.answer.path, unsaved.error.message)}
    </Text>
    <Button size="compact-md" onClick={onRetry}>
      {messages.retry}
    </Button>
  </Group>
);
