import type { Classification, Feedback, IdentifiedObject } from '@/lib/api-client';
import { formatAlternatives, formatList, formatRoundPercent } from '@/lib/format';
import { labelName, labelNoun, probabilityOf } from '@/lib/labels';
import { currentMessages } from '@/lib/messages';
import { differenceText, identified, nameInSentence } from '@/lib/object-text';

type Answer = Pick<
  Classification,
  | 'label'
  | 'verdict'
  | 'probabilities'
  | 'prediction_set'
  | 'object'
  | 'agreement'
  | 'difference'
  | 'agreement_message'
  | 'sky'
>;

/**
 * A short description of a classification. `text` names the object, or one or two classes;
 * `certainty` may be empty.
 */
export interface Headline {
  text: string;
  certainty: string;
}

export const headline = (answer: Omit<Answer, 'sky'>): Headline => {
  const object = identified(answer);
  if (object === undefined) return classHeadline(answer);
  const text = `${capitalize(objectClass(answer, object))}: ${nameInSentence(object)}`;
  return { text, certainty: '' };
};

/** Describes the class of an object, or else the class that the model predicts. */
const objectClass = (answer: Omit<Answer, 'sky'>, { kind, labels }: IdentifiedObject): string => {
  const { starNouns, probably } = currentMessages().object;
  if (kind === 'star' || kind === 'double star' || kind === 'asterism') return starNouns[kind];
  if (answer.agreement === 'agrees') return labelNoun(answer.label);
  return labels[0] === undefined
    ? classHeadline(answer).text
    : probably({ noun: labelNoun(labels[0]) });
};

const classHeadline = (answer: Omit<Answer, 'sky'>): Headline => {
  const messages = currentMessages();
  const { label, verdict, prediction_set } = answer;
  if (verdict === 'confident') {
    const text = capitalize(labelNoun(label));
    return { text, certainty: certaintyText(probabilityOf(answer, label)) };
  }
  const possible = possibleLabels(answer);
  if (verdict === 'unsure' && possible.length === 2 && isClose(answer, possible)) {
    const text = capitalize(formatAlternatives(possible.map((one) => labelNoun(one))));
    return { text, certainty: messages.certainty.undecided };
  }
  const isProbable = verdict === 'unsure' && probabilityOf(answer, label) >= PROBABLE;
  const likely = isProbable && prediction_set.length > 0;
  return {
    text: likely
      ? messages.object.probably({ noun: labelNoun(label) })
      : messages.perhaps({ noun: labelNoun(label) }),
    certainty: '',
  };
};

/** Returns a short explanation of the verdict on an image and of how the object was found. */
export const explanation = (answer: Answer): string => {
  if (answer.agreement === 'differs') return differenceText(answer);
  const object = identified(answer);
  if (object === undefined) return classExplanation(answer);
  const { label, verdict } = answer;
  const { says, confident, unsure, unfamiliar, undecided } = currentMessages().object.explained;
  const source = says[object.found_by];
  const noun = labelNoun(label);
  if (answer.agreement !== 'agrees') {
    return undecided({
      source,
      noun,
      probability: formatRoundPercent(probabilityOf(answer, label)),
    });
  }
  if (verdict === 'confident')
    return confident({ source, certainty: certaintyText(probabilityOf(answer, label)), noun });
  return verdict === 'unsure' ? unsure({ source }) : unfamiliar({ source });
};

const classExplanation = (answer: Answer): string => {
  const messages = currentMessages();
  const { label, verdict, prediction_set } = answer;
  if (verdict !== 'unsure') return messages.explained[verdict];
  if (prediction_set.length === 0) return messages.explained.unsureOfAny;
  const possible = possibleLabels(answer);
  const { unsureOfOne, unsureOfTwo, unsure, nebulaWithCluster } = messages.explained;
  const others = possible
    .filter((one) => one !== label)
    .map((one) => `${labelNoun(one)} (${formatRoundPercent(probabilityOf(answer, one))})`);
  if (others.length === 0) return unsureOfOne;
  const isUndecided = possible.length === 2 && isClose(answer, possible);
  const text = isUndecided ? unsureOfTwo : unsure({ others: formatAlternatives(others) });
  const isMixed =
    possible.length === 2 && possible.includes('nebula') && possible.includes('star_cluster');
  return isMixed ? `${text} ${nebulaWithCluster}` : text;
};

/** The probability from which a label is called probable. */
const PROBABLE = 0.7;

/** The label and the classes that cannot be ruled out, most probable first. */
const possibleLabels = (answer: Pick<Answer, 'label' | 'prediction_set' | 'probabilities'>) =>
  [...new Set([answer.label, ...answer.prediction_set])].toSorted(
    (a, b) => probabilityOf(answer, b) - probabilityOf(answer, a),
  );

/** Whether the second class is at least half as probable as the first. */
const isClose = (answer: Pick<Answer, 'probabilities'>, [first, second]: string[]): boolean =>
  first !== undefined &&
  second !== undefined &&
  probabilityOf(answer, second) >= probabilityOf(answer, first) / 2;

/** Describes feedback in a few words. */
export const feedbackText = (feedback: Feedback | null): string => {
  const { none, correct, correctToo, incorrect, label, unsure } =
    currentMessages().history.feedback;
  if (feedback === null) return none;
  if (feedback.verdict === 'unsure') return unsure;
  const second = feedback.second_label === null ? undefined : labelName(feedback.second_label);
  if (feedback.verdict === 'correct')
    return second === undefined ? correct : correctToo({ label: second });
  if (feedback.label === null) return incorrect;
  const first = labelName(feedback.label);
  return label({ label: second === undefined ? first : formatList([first, second]) });
};

const certaintyText = (probability: number): string => {
  const { almostCertain, verySure, sure, fairlySure } = currentMessages().certainty;
  if (probability >= 0.99) return almostCertain;
  if (probability >= 0.95) return verySure;
  return probability >= 0.8 ? sure : fairlySure;
};

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
