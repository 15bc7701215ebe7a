import type { Classification, Label } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { labelName } from '@/lib/labels';
import { currentMessages } from '@/lib/messages';

type ModelAnswer = Pick<Classification, 'label' | 'model'>;

/** A comparison of the classifications of one image by several models. */
export interface AnswerComparison {
  /** A sentence that states whether the models agree and, if not, what each of them predicts. */
  text: string;
  /** The models that disagree with the majority, or all models if there is no majority. */
  outliers: Set<string>;
}

/**
 * Compares classifications. Ensembles are not counted beside their members, but can be outliers.
 */
export const compareAnswers = (
  answers: ModelAnswer[],
  titleOf: (model: string) => string,
  ensembles: readonly string[] = [],
): AnswerComparison => {
  const messages = currentMessages();
  const counted = withoutEnsembles(answers, ensembles);
  const groups = groupByLabel(counted);
  const [largest, second] = groups;
  if (largest === undefined || second === undefined) {
    const label = largest?.label ?? 'other';
    const text = messages.compare.agree({ count: counted.length, label: labelName(label) });
    const outliers = answers.filter((one) => one.label !== label).map(({ model }) => model);
    return { text, outliers: new Set(outliers) };
  }
  const parts = groups.map(({ label, models }) =>
    messages.compare.group({ models: formatList(models.map(titleOf)), label: labelName(label) }),
  );
  const hasMajority = largest.models.length > second.models.length;
  // If the members are evenly divided, the ensemble decides.
  const decisive = answers.find(({ model }) => ensembles.includes(model))?.label;
  const majority = hasMajority ? largest.label : decisive;
  const outliers = answers.filter(({ label }) => label !== majority).map(({ model }) => model);
  return {
    text: messages.compare.differ({ groups: parts.join('; ') }),
    outliers: new Set(outliers),
  };
};

/** Returns the classifications by single models or, if there are none, all classifications. */
export const withoutEnsembles = <T extends ModelAnswer>(
  answers: T[],
  ensembles: readonly string[],
): T[] => {
  const members = answers.filter(({ model }) => !ensembles.includes(model));
  return members.length > 0 ? members : answers;
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
