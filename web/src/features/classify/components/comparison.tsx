import { Badge, Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { useState } from 'react';

import { ImageStage } from '@/components/answer/image-stage';
import { ProbabilityBars } from '@/components/answer/probability-bars';
import { VerdictBadge } from '@/components/answer/verdict-badge';
import classes from '@/features/classify/components/comparison.module.css';
import type { Classification } from '@/lib/api-client';
import { formatMilliseconds } from '@/lib/format';
import { labelName } from '@/lib/labels';
import { useMessages } from '@/lib/messages';
import { identified, objectName } from '@/lib/object-text';

interface Props {
  /** The names of the models to compare. */
  names: string[];
  /** The classifications by the models; empty while the requests are pending. */
  answers: Classification[];
  titleOf: (model: string) => string;
  /** The models that disagree with the majority. */
  outliers: Set<string>;
  /** The model for which the classification is shown in full. */
  shown: string | undefined;
  onShow: (model: string) => void;
}

/** Shows the classifications by all models side by side. */
export const Comparison = ({ names, answers, titleOf, outliers, shown, onShow }: Props) => {
  const text = useMessages().compare;
  const [isEvidenceShown, setIsEvidenceShown] = useState(false);
  return (
    <>
      {answers.length > 0 && (
        <Button
          variant={isEvidenceShown ? 'light' : 'default'}
          radius="xl"
          mt="md"
          aria-pressed={isEvidenceShown}
          onClick={() => {
            setIsEvidenceShown(!isEvidenceShown);
          }}
        >
          {text.evidence}
        </Button>
      )}
      <ul className={classes.cards} aria-label={text.title}>
        {answers.length === 0 &&
          names.map((name) => (
            <li key={name}>
              <Skeleton className={classes.card} />
            </li>
          ))}
        {answers.map((answer) => (
          <li
            key={answer.model}
            className={classes.card}
            data-outlier={outliers.has(answer.model) || undefined}
          >
            <Card
              answer={answer}
              title={titleOf(answer.model)}
              isOutlier={outliers.has(answer.model)}
              isEvidenceShown={isEvidenceShown}
              isShown={answer.model === shown}
              onShow={() => {
                onShow(answer.model);
              }}
            />
          </li>
        ))}
      </ul>
    </>
  );
};

interface CardProps {
  answer: Classification;
  title: string;
  isOutlier: boolean;
  isEvidenceShown: boolean;
  isShown: boolean;
  onShow: () => void;
}

const Card = ({ answer, title, isOutlier, isEvidenceShown, isShown, onShow }: CardProps) => {
  const messages = useMessages();
  const text = messages.compare;
  const action = isShown ? text.isShown : text.show;
  const object = identified(answer);
  return (
    <>
      <Title order={3} size="h5" c="dimmed">
        {title}
      </Title>
      <div>
        <span className={classes.label}>{labelName(answer.label)}</span>
        {object && <Text size="sm">{objectName(object)}</Text>}
        <Group gap="xs" mt="xs">
          <VerdictBadge verdict={answer.verdict} size="md" />
          {isOutlier && (
            <Badge color="yellow" variant="dot" tt="none">
              {text.outlier}
            </Badge>
          )}
        </Group>
      </div>
      {isEvidenceShown && (
        <ImageStage
          name={answer.path}
          caption={messages.evidence.alt({ label: labelName(answer.label) })}
          answer={answer}
          evidence={{ shown: true }}
        />
      )}
      <ProbabilityBars probabilities={answer.probabilities} label={answer.label} />
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          {formatMilliseconds(answer.elapsed_ms.infer)}
        </Text>
        <Button
          size="compact-sm"
          variant={isShown ? 'filled' : 'default'}
          aria-pressed={isShown}
          aria-label={`${action}: ${title}`}
          onClick={onShow}
        >
          {action}
        </Button>
      </Group>
    </>
  );
};
