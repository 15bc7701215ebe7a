import { afterEach, describe, expect, it } from 'vitest';

import { changeLanguage } from '@/lib/language';
import { currentMessages } from '@/lib/messages';
import { de } from '@/lib/messages/de';
import { en } from '@/lib/messages/en';
import { differentArguments } from '@/testing/message-arguments';
import { untranslated } from '@/testing/untranslated';

afterEach(() => changeLanguage('en'));

it('translates every text', () => {
  const names = ['deepsky', 'deepsky: {title}', 'API', 'F1', 'dsk_…'];
  const shared = [...names, 'Format', 'Link', 'Name', 'System', 'Version {version}'];
  expect(untranslated(en, de, shared)).toEqual([]);
});

it('uses the same arguments in every language', () => {
  expect(differentArguments(en, de)).toEqual([]);
});

describe.each([
  {
    language: 'en' as const,
    galaxies: ['0 galaxies', '1 galaxy', '2 galaxies', '1,200 galaxies'],
    answers: ['No answers', '1 answer', '2 answers', '1,200 answers'],
    position: ['1 of 50', '2 of 50 or more, 1 reviewed'],
    intervals: ['interval of A is', 'intervals of A and B are'],
  },
  {
    language: 'de' as const,
    galaxies: ['0 Galaxien', '1 Galaxie', '2 Galaxien', '1.200 Galaxien'],
    answers: ['Keine Antworten', '1 Antwort', '2 Antworten', '1.200 Antworten'],
    position: ['1 von 50', '2 von 50 oder mehr, 1 geprüft'],
    intervals: ['Das Konfidenzintervall von A liegt', 'Die Konfidenzintervalle von A and B liegen'],
  },
])('the messages in $language', ({ language, galaxies, answers, position, intervals }) => {
  it('have plurals', async () => {
    await changeLanguage(language);
    const { images, history, performance } = currentMessages();
    const counts = [0, 1, 2, 1200];
    expect(counts.map((count) => images.labels.galaxy({ count }))).toEqual(galaxies);
    expect(counts.map((count) => history.count({ count }))).toEqual(answers);
    const { behind } = performance.best;
    expect(behind({ models: 'A', count: 1 })).toContain(intervals[0]);
    expect(behind({ models: 'A and B', count: 2 })).toContain(intervals[1]);
  });

  it('have parts that depend on a condition', async () => {
    await changeLanguage(language);
    const text = currentMessages().review;
    expect([
      text.position({ position: 1, count: 50, more: 'no', reviewed: 0 }),
      text.position({ position: 2, count: 50, more: 'yes', reviewed: 1 }),
    ]).toEqual(position);
  });
});
