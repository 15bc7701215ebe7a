import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';

import { previewUrl } from '@/components/answer/image-urls';
import { KeyHint } from '@/components/ui/key-hint';
import { Page } from '@/components/ui/page';
import { ProblemMessage } from '@/components/ui/problem-message';
import { ServerImage } from '@/components/ui/server-image';
import { useJudgement } from '@/components/ui/use-judgement';
import { LastJudgement } from '@/features/review/components/last-judgement';
import classes from '@/features/review/components/review-page.module.css';
import { ReviewPanel } from '@/features/review/components/review-panel';
import { type Unsaved, useReview } from '@/features/review/use-review';
import { labelsOf } from '@/lib/labels';
import { useMessages } from '@/lib/messages';
import { useWholeAnswer } from '@/lib/use-answer';
import { useKeys } from '@/lib/use-keys';
import { useShortcuts } from '@/lib/use-shortcuts';

// Not needed before the page can be used; see `preloadPages`.
const AnswerSheet = lazy(async () => ({
  default: (await import('@/components/answer/answer-sheet')).AnswerSheet,
}));
const ShortcutsDialog = lazy(async () => ({
  default: (await import('@/features/review/components/shortcuts-dialog')).ShortcutsDialog,
}));

/**
 * The page for reviewing classifications, most uncertain first: it asks what an image shows before it
 * shows the model's answer. It can be used with the keyboard alone.
 */
export const ReviewPage = () => {
  const messages = useMessages();
  const text = messages.review;
  const review = useReview();
  const [isHelpOpen, help] = useDisclosure(false);
  const [areShortcutsOn] = useShortcuts();
  const { answers, next, index, reviewedCount, hasMore } = review;
  const answer = useWholeAnswer(review.answer);
  const goBack = () => {
    review.goTo(index - 1);
  };
  const goForward = () => {
    review.goTo(index + 1);
  };
  const judgement = useJudgement(answer === undefined ? [] : labelsOf(answer), review.judge);
  useKeys({
    ...judgement.keys,
    ArrowLeft: goBack,
    ArrowRight: goForward,
    u: review.undo,
    '?': help.open,
  });

  return (
    <Page title={text.title} lead={text.lead} isCompact>
      {isHelpOpen && (
        <Suspense>
          <ShortcutsDialog isOpen onClose={help.close} />
        </Suspense>
      )}
      {review.error && <ProblemMessage error={review.error} onRetry={review.reload} />}
      {answers === undefined && !review.error && <Skeleton height="40rem" radius="lg" aria-busy />}
      {answers?.length === 0 && <ReviewEnd message={text.empty} />}
      {answers !== undefined && answers.length > 0 && (
        <Stack gap="sm">
          <Group justify="space-between" gap="sm">
            <Text c="dimmed">
              {answer === undefined
                ? text.reviewed({ reviewed: reviewedCount })
                : text.position({
                    position: index + 1,
                    count: answers.length,
                    more: hasMore ? 'yes' : 'no',
                    reviewed: reviewedCount,
                  })}
            </Text>
            <Group gap="xs">
              <Button variant="default" disabled={index === 0} onClick={goBack}>
                {text.previous}
                <KeyHint>←</KeyHint>
              </Button>
              <Button variant="default" disabled={answer === undefined} onClick={goForward}>
                {text.next}
                <KeyHint>→</KeyHint>
              </Button>
              <Button variant="default" disabled={reviewedCount === 0} onClick={review.undo}>
                {text.undo}
                <KeyHint>U</KeyHint>
              </Button>
              {areShortcutsOn && (
                <Button variant="default" className={classes.help} onClick={help.open}>
                  {text.shortcuts}
                  <KeyHint>?</KeyHint>
                </Button>
              )}
            </Group>
          </Group>
          {review.unsaved.map((one) => (
            <UnsavedAlert
              key={one.answer.id}
              unsaved={one}
              onRetry={() => {
                review.save(one.answer, one.judgement, one.isBlind);
              }}
            />
          ))}
          {review.last && <LastJudgement key={review.last.answer.id} judged={review.last} />}
          {answer === undefined && !review.isFetching && (
            <ReviewEnd message={text.done({ reviewed: reviewedCount })} />
          )}
          {answer === undefined && review.isFetching && <Skeleton height="37rem" radius="lg" />}
          {answer && (
            <Suspense fallback={<Skeleton height="37rem" radius="lg" aria-busy />}>
              <AnswerSheet
                name={answer.path}
                caption={messages.review.hidden}
                answer={answer}
                isBlind
                head={<ReviewPanel answer={answer} judgement={judgement} />}
              />
              {next && <ServerImage src={previewUrl(next.id)} alt="" hidden />}
            </Suspense>
          )}
        </Stack>
      )}
    </Page>
  );
};

const ReviewEnd = ({ message }: { message: string }) => {
  const text = useMessages().review;
  return (
    <div className={classes.end}>
      <Text role="status" mb="md">
        {message}
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
};

const UnsavedAlert = ({ unsaved, onRetry }: { unsaved: Unsaved; onRetry: () => void }) => {
  const messages = useMessages();
  const text = messages.review;
  return (
    <Group role="alert" gap="sm">
      <Text size="sm">
        {text.failed({ name: unsaved.answer.path, reason: unsaved.error.message })}
      </Text>
      <Button size="compact-md" onClick={onRetry}>
        {messages.retry}
      </Button>
    </Group>
  );
};
