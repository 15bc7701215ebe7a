import { describe, expect, it } from 'vitest';

import { explanation, headline } from '@/lib/answer-text';
import { createAnswer } from '@/testing/fixtures';

const probabilities = { galaxy: 0, nebula: 0, star_cluster: 0, other: 0 };

describe('headline', () => {
  it.each([
    [0.999, 'almost certain'],
    [0.96, 'very sure'],
    [0.85, 'sure'],
    [0.6, 'fairly sure'],
  ])('describes a probability of %d in words', (galaxy, certainty) => {
    const answer = createAnswer({ probabilities: { ...probabilities, galaxy } });
    expect(headline(answer)).toEqual({ text: 'A galaxy', certainty });
  });

  it('describes the class `other` as “Not a deep-sky object”', () => {
    expect(headline(createAnswer({ label: 'other' })).text).toBe('Not a deep-sky object');
  });

  it('names both possible classes in the order of the prediction set', () => {
    const answer = createAnswer({ verdict: 'unsure', prediction_set: ['other', 'galaxy'] });
    expect(headline(answer)).toEqual({
      text: 'Not a deep-sky object or a galaxy',
      certainty: 'undecided',
    });
  });

  it('states no certainty for an unfamiliar image, even if a probability is high', () => {
    expect(headline(createAnswer({ verdict: 'unfamiliar' }))).toEqual({
      text: 'Perhaps a galaxy',
      certainty: '',
    });
  });
});

describe('explanation', () => {
  it('notes that a nebula and a star cluster can both be right', () => {
    const mixed = createAnswer({ verdict: 'unsure', prediction_set: ['star_cluster', 'nebula'] });
    const other = createAnswer({ verdict: 'unsure', prediction_set: ['galaxy', 'nebula'] });
    expect(explanation(mixed)).toMatch(/both can be right/);
    expect(explanation(other)).not.toMatch(/both can be right/);
  });

  it('names the other possible classes if there are three or more', () => {
    const answer = createAnswer({
      label: 'nebula',
      verdict: 'unsure',
      prediction_set: ['nebula', 'galaxy', 'other'],
    });
    expect(headline(answer).text).toBe('Perhaps a nebula');
    expect(explanation(answer)).toMatch(/a galaxy or not a deep-sky object/);
  });

  it('names a single possible class that differs from the label', () => {
    const answer = createAnswer({ verdict: 'unsure', prediction_set: ['star_cluster'] });
    expect(headline(answer).text).toBe('Perhaps a galaxy');
    expect(explanation(answer)).toMatch(/Also possible: a star cluster/);
  });

  it('explains an empty prediction set', () => {
    const answer = createAnswer({ verdict: 'unsure', prediction_set: [] });
    expect(headline(answer).text).toBe('Perhaps a galaxy');
    expect(explanation(answer)).toMatch(/No class is probable enough/);
  });
});
