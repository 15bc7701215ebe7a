import type { Classification, Feedback } from '@/lib/api-client';
import { formatChoice } from '@/lib/format';
import { messages } from '@/lib/messages';

type Answer = Pick<Classification, 'label' | 'verdict' | 'probabilities' | 'prediction_set'>;

/** The answer in a few words: what it is, and how sure that is (blank where that says enough). */
export interface Headline {
  what: string;
  sure: string;
}

export const headline = ({ label, verdict, probabilities, prediction_set }: Answer): Headline => {
  const nouns = prediction_set.map((one) => messages.nouns[one]);
  if (verdict === 'confident') {
    return { what: messages.alone[label], sure: certainty(probabilities[label]) };
  }
  if (verdict === 'unsure' && nouns.length === 2) {
    return { what: capitalised(formatChoice(nouns)), sure: messages.certainty.hardToTell };
  }
  return { what: messages.perhaps(messages.nouns[label]), sure: '' };
};

export const explanation = ({ label, verdict, prediction_set }: Answer): string => {
  if (verdict !== 'unsure') return messages.explained[verdict];
  if (prediction_set.length === 0) return messages.explained.unsureOfAny;
  const others = prediction_set.filter((one) => one !== label).map((one) => messages.nouns[one]);
  if (prediction_set.length !== 2) return messages.explained.unsure(formatChoice(others));
  const mixed = prediction_set.includes('nebula') && prediction_set.includes('star_cluster');
  const { unsureOfTwo, nebulaWithCluster } = messages.explained;
  return mixed ? `${unsureOfTwo} ${nebulaWithCluster}` : unsureOfTwo;
};

/** What was said of an answer. */
export const feedbackInWords = (feedback: Feedback | null): string => {
  const { nothing, right, wrong, label } = messages.history.said;
  if (feedback === null) return nothing;
  if (feedback.verdict === 'correct') return right;
  return feedback.label === null ? wrong : label(messages.nouns[feedback.label]);
};

const certainty = (probability: number): string => {
  const { almostCertain, verySure, sure, fairlySure } = messages.certainty;
  if (probability >= 0.99) return almostCertain;
  if (probability >= 0.95) return verySure;
  return probability >= 0.8 ? sure : fairlySure;
};

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
