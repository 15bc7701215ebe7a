import type { Classification, Label } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { labelName } from '@/lib/labels';
import { messages } from '@/lib/messages';

type ModelAnswer = Pick<Classification, 'label' | 'model'>;

/** A comparison of the classifications of one image by several models. */
export interface AnswerComparison {
  /** A sentence that states whether the models agree and, if not, what each of them predicts. */
  text: string;
  /** The models that disagree with the majority, or all models if there is no majority. */
  outliers: Set<string>;
}

export const compareAnswers = (
  answers: ModelAnswer[],
  titleOf: (model: string) => string,
): AnswerComparison => {
  const groups = groupByLabel(answers);
  const [largest, second] = groups;
  if (largest === undefined || second === undefined) {
    const label = largest?.label ?? 'other';
    const text = messages.compare.agree(answers.length, labelName(label));
    return { text, outliers: new Set() };
  }
  const parts = groups.map(({ label, models }) =>
    messages.compare.group(formatList(models.map(titleOf)), labelName(label)),
  );
  const differing = largest.models.length > second.models.length ? groups.slice(1) : groups;
  return {
    text: messages.compare.differ(parts),
    outliers: new Set(differing.flatMap(({ models }) => models)),
  };
};

/** Groups the models by predicted label, largest group first. */
const groupByLabel = (answers: ModelAnswer[]): { label: Label; models: string[] }[] => {
  const labels = [...new Set(answers.map(({ label }) => label))];
  return labels
    .map((label) => ({
      label,
      models: answers.filter((one) => one.label === label).map(({ model }) => model),
    }))
    .toSorted((a, b) => b.models.length - a.models.length);
};
