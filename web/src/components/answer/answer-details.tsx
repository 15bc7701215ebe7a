import classes from '@/components/answer/answer-details.module.css';
import type { Classification } from '@/lib/api-client';
import { formatCount, formatNumber } from '@/lib/format';
import { labelName, labelsOf, probabilityOf } from '@/lib/labels';
import { currentMessages, useMessages } from '@/lib/messages';

export const AnswerDetails = ({ answer }: { answer: Classification }) => {
  const text = useMessages().details;
  return (
    <details className={classes.details}>
      <summary>{text.title}</summary>
      <dl>
        {describe(answer).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
};

const stretchText = (stretch: Classification['stretch']): string => {
  const text = currentMessages().details;
  return stretch === null ? text.noStretch : (text.stretches[stretch] ?? stretch);
};

const describe = (answer: Classification): [string, string][] => {
  const text = currentMessages().details;
  return [
    [
      text.exact,
      labelsOf(answer)
        .map((one) => `${labelName(one)} ${formatNumber(probabilityOf(answer, one), 6)}`)
        .join(', '),
    ],
    [
      text.possible,
      answer.prediction_set.map((one) => labelName(one)).join(', ') || text.nonePossible,
    ],
    [text.novelty, text.noveltyValue({ value: formatNumber(answer.novelty, 3) })],
    [text.model, `${answer.model} ${answer.model_version}`],
    [
      text.time,
      text.timeValue({
        decode: formatCount(answer.elapsed_ms.decode),
        infer: formatCount(answer.elapsed_ms.infer),
      }),
    ],
    [
      text.size,
      text.sizeValue({ width: formatCount(answer.width), height: formatCount(answer.height) }),
    ],
    [text.format, answer.format],
    [text.stretch, stretchText(answer.stretch)],
    [text.imageHash, answer.image_sha256],
    [text.modelHash, answer.model_sha256],
  ];
};
