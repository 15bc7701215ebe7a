import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import { Thumbnail } from '@/components/answer/thumbnail';
import classes from '@/features/review/components/last-judgement.module.css';
import type { Judged } from '@/features/review/use-review';
import { headline } from '@/lib/answer-text';
import { formatList } from '@/lib/format';
import { labelName } from '@/lib/labels';
import { currentMessages, useMessages } from '@/lib/messages';
import { titleOf, useModels } from '@/lib/models';

/** Says whether the model agrees with what a person said about the last image. */
export const LastJudgement = ({ judged: { answer, judgement } }: { judged: Judged }) => {
  const text = useMessages().review.last;
  const { data: models } = useModels();
  const { text: label, certainty } = headline(answer);
  return (
    <div className={classes.last}>
      <span className={classes.thumbnail}>
        <Thumbnail id={answer.id} />
      </span>
      <div role="status">
        <Text fw={600}>{resultOf(answer.label, judgement)}</Text>
        <Text size="sm">
          {text.answer({
            model: titleOf(models, answer.model),
            answer: certainty === '' ? label : `${label}, ${certainty}`,
          })}{' '}
          <Anchor component={Link} to={`/answers/${answer.id}`} inherit underline="always">
            {text.see}
          </Anchor>
        </Text>
      </div>
    </div>
  );
};

const resultOf = (label: string, judgement: Judged['judgement']): string => {
  const text = currentMessages().review.last;
  if (judgement.length === 0) return text.unknown;
  const names = formatList(judgement.map((one) => labelName(one)));
  return judgement.includes(label)
    ? text.agrees({ labels: names })
    : text.differs({ labels: names });
};
