import { describe, expect, it } from 'vitest';

import { explanation, headline } from '@/lib/wording';
import { answerWith } from '@/testing/answers';

const probabilities = { galaxy: 0, nebula: 0, star_cluster: 0, other: 0 };

describe('headline', () => {
  it.each([
    [0.999, 'almost certain'],
    [0.96, 'very sure'],
    [0.85, 'sure'],
    [0.6, 'fairly sure'],
  ])('puts a probability of %d in words', (galaxy, sure) => {
    const answer = answerWith({ probabilities: { ...probabilities, galaxy } });
    expect(headline(answer)).toEqual({ what: 'A galaxy', sure });
  });

  it('says of other that there is no deep-sky object', () => {
    expect(headline(answerWith({ label: 'other' })).what).toBe('Not a deep-sky object');
  });

  it('names both candidates when unsure, the more probable first', () => {
    const answer = answerWith({ verdict: 'unsure', prediction_set: ['other', 'galaxy'] });
    expect(headline(answer)).toEqual({ what: 'Something else or a galaxy', sure: 'hard to tell' });
  });

  it('claims no certainty for an unfamiliar image, however high the probability', () => {
    expect(headline(answerWith({ verdict: 'unfamiliar' }))).toEqual({
      what: 'Perhaps a galaxy',
      sure: '',
    });
  });
});

describe('explanation', () => {
  it('says that a nebula and a star cluster may both be right', () => {
    const mixed = answerWith({ verdict: 'unsure', prediction_set: ['star_cluster', 'nebula'] });
    const either = answerWith({ verdict: 'unsure', prediction_set: ['galaxy', 'nebula'] });
    expect(explanation(mixed)).toMatch(/both can be right/);
    expect(explanation(either)).not.toMatch(/both can be right/);
  });

  it('names the other candidates of three or more', () => {
    const answer = answerWith({
      label: 'nebula',
      verdict: 'unsure',
      prediction_set: ['nebula', 'galaxy', 'other'],
    });
    expect(headline(answer).what).toBe('Perhaps a nebula');
    expect(explanation(answer)).toMatch(/a galaxy or something else/);
  });

  it('names the one candidate beside a label that is itself in doubt', () => {
    const answer = answerWith({ verdict: 'unsure', prediction_set: ['star_cluster'] });
    expect(headline(answer).what).toBe('Perhaps a galaxy');
    expect(explanation(answer)).toMatch(/could also be a star cluster/);
  });

  it('says so when no class is likely enough', () => {
    const answer = answerWith({ verdict: 'unsure', prediction_set: [] });
    expect(headline(answer).what).toBe('Perhaps a galaxy');
    expect(explanation(answer)).toMatch(/doubts this image/);
  });
});
