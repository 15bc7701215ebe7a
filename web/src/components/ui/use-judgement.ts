import { useState } from 'react';

import type { Label } from '@/lib/api-client';

const MAX_KEYS = 9;

/** What a person says about an image: one or two classes; none if they do not know. */
export type Judgement = readonly Label[];

/**
 * The state of the choice of one or two classes.
 *
 * `keys` contains the keyboard shortcuts: 1 to 9 for the classes, B for two classes, and 0 if the
 * person does not know.
 */
export const useJudgement = (
  labels: readonly Label[],
  onChoose: (judgement: Judgement) => void,
) => {
  const [isTwo, setIsTwo] = useState(false);
  const [first, setFirst] = useState<Label>();
  const reset = (two: boolean) => {
    setIsTwo(two);
    setFirst(undefined);
  };
  const finish = (judgement: Judgement) => {
    reset(false);
    onChoose(judgement);
  };
  const choose = (label: Label) => {
    if (!isTwo) finish([label]);
    else if (first === undefined) setFirst(label);
    else if (first === label) setFirst(undefined);
    else finish([first, label]);
  };
  const toggleTwo = () => {
    reset(!isTwo);
  };
  const chooseUnknown = () => {
    finish([]);
  };
  const digits = labels.slice(0, MAX_KEYS).map((label, index): [string, () => void] => [
    String(index + 1),
    () => {
      choose(label);
    },
  ]);
  return {
    isTwo,
    first,
    choose,
    toggleTwo,
    chooseUnknown,
    keys: { ...Object.fromEntries(digits), b: toggleTwo, '0': chooseUnknown },
  };
};
