import { expect, it } from 'vitest';

import { de } from '@/features/learn/texts/de';
import { en } from '@/features/learn/texts/en';
import { TOPICS } from '@/features/learn/topics';
import { differentArguments } from '@/testing/message-arguments';
import { untranslated } from '@/testing/untranslated';

it('translates every text', () => {
  expect(untranslated(en, de)).toEqual([]);
});

it('uses the same arguments in every language', () => {
  expect(differentArguments(en, de)).toEqual([]);
});

/** The cards of the bundled models. A glob, because the page is also built without them. */
const CARDS = import.meta.glob<{ splits: object }>(
  '../../../../../src/deepsky/models/bundles/*/card.json',
  { eager: true, import: 'data' },
);

it.each([en, de])('names every part of the data of the bundled models', (texts) => {
  const parts = new Set(Object.values(CARDS).flatMap(({ splits }) => Object.keys(splits)));
  expect(parts).toContain('source_test');
  expect(Object.keys(texts.data.counts.parts)).toEqual(expect.arrayContaining([...parts]));
});

const WORDS_PER_MINUTE = 200;

/** Returns the time to read all texts in an object, in minutes. */
const minutes = (texts: object): number => countWords(texts) / WORDS_PER_MINUTE;

const countWords = (texts: object | string): number =>
  typeof texts === 'string'
    ? texts.split(' ').length
    : Object.values(texts).reduce<number>((sum, one: object | string) => sum + countWords(one), 0);

it.each([en, de])('takes as long to read as the pages say', (texts) => {
  for (const topic of TOPICS) {
    expect(minutes(texts[topic]), topic).toBeGreaterThan(0.5);
    expect(minutes(texts[topic]), topic).toBeLessThan(4.5);
  }
  for (const [id, section] of Object.entries(texts.kinds.sections))
    expect(minutes(section), id).toBeLessThan(0.5);
});
