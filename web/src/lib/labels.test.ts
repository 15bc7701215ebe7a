import { expect, test } from 'vitest';

import { allLabels, colourOf, countOf, labelName, labelNoun, labelsOf } from '@/lib/labels';

const own = { probabilities: { 'comet-tail': 0.2, full_moon: 0.8 } };

test('labels of other models are shown by their own text', () => {
  expect(labelsOf(own)).toEqual(['comet-tail', 'full_moon']);
  expect(labelName('full_moon')).toBe('Full moon');
  expect(labelNoun('full_moon')).toBe('full moon');
  expect(countOf('full_moon', 2)).toBe('2 full moon');
  expect(labelName('star_cluster')).toBe('Star cluster');
});

test('labels of other models have distinct colours', () => {
  const colours = labelsOf(own).map((label) => colourOf(label, labelsOf(own)));
  expect(new Set(colours).size).toBe(2);
  expect(colourOf('star_cluster')).toBe('var(--label-star-cluster)');
});

test('the labels of the shipped models come first', () => {
  expect(allLabels([own])).toEqual([
    'galaxy',
    'nebula',
    'star_cluster',
    'other',
    'comet-tail',
    'full_moon',
  ]);
});
