import { describe, expect, it } from 'vitest';

import { explanation, headline } from '@/lib/answer-text';
import { createAnswer, createObject, sky } from '@/testing/fixtures';

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

  it('names both possible classes, the more probable first, if they are almost equally probable', () => {
    const answer = createAnswer({
      label: 'other',
      verdict: 'unsure',
      probabilities: { galaxy: 0.44, nebula: 0.01, star_cluster: 0.01, other: 0.54 },
      prediction_set: ['galaxy'],
    });
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

it('says neither undecided nor hard to tell if one class is far more probable', () => {
  const answer = createAnswer({
    verdict: 'unsure',
    probabilities: { galaxy: 0.77, nebula: 0.14, star_cluster: 0.05, other: 0.04 },
    prediction_set: ['galaxy', 'nebula'],
  });
  expect(headline(answer)).toEqual({ text: 'Probably a galaxy', certainty: '' });
  expect(explanation(answer)).toBe('Not certain enough. Also possible: a nebula (14%).');
});

describe('explanation', () => {
  it('notes that a nebula and a star cluster can both be right', () => {
    const mixed = createAnswer({
      label: 'nebula',
      verdict: 'unsure',
      prediction_set: ['star_cluster', 'nebula'],
    });
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
    expect(explanation(answer)).toMatch(/a galaxy \(96%\) or not a deep-sky object/);
  });

  it('says that an answer can be wrong although no other class is likely', () => {
    const answer = createAnswer({ verdict: 'unsure', prediction_set: ['galaxy'] });
    expect(headline(answer).text).toBe('Probably a galaxy');
    expect(explanation(answer)).toMatch(/similar answers are sometimes wrong/);
    expect(explanation(answer)).not.toMatch(/Also possible/);
  });

  it('names a single possible class that differs from the label', () => {
    const answer = createAnswer({ verdict: 'unsure', prediction_set: ['star_cluster'] });
    expect(headline(answer).text).toBe('Probably a galaxy');
    expect(explanation(answer)).toMatch(/Also possible: a star cluster/);
  });

  it('explains an empty prediction set', () => {
    const answer = createAnswer({ verdict: 'unsure', prediction_set: [] });
    expect(headline(answer).text).toBe('Perhaps a galaxy');
    expect(explanation(answer)).toMatch(/No class is probable enough/);
  });
});

describe('an identified object', () => {
  const object = createObject();
  const named = (changes: Parameters<typeof createAnswer>[0] = {}) =>
    createAnswer({
      object,
      agreement: 'agrees',
      combined: { label: 'galaxy', probability: 0.99 },
      ...changes,
    });

  it('is named in the headline, and the explanation states the certainty', () => {
    expect(headline(named())).toEqual({
      text: 'A galaxy: M 31, the Andromeda Galaxy',
      certainty: '',
    });
    expect(explanation(named())).toBe(
      'The file name says so, and the model is very sure that it is a galaxy.',
    );
  });

  it.each([
    ['unsure', /The model agrees but is not sure/],
    ['unfamiliar', /unlike those that it was trained on/],
  ] as const)('does not hide that the model is %s', (verdict, text) => {
    expect(headline(named({ verdict })).text).toMatch(/^A galaxy: M 31/);
    expect(explanation(named({ verdict }))).toMatch(text);
  });

  it('is named with “probably” if the model is undecided', () => {
    const answer = named({ agreement: 'undecided', label: 'nebula', verdict: 'unsure' });
    expect(headline(answer).text).toBe('Probably a galaxy: M 31, the Andromeda Galaxy');
    expect(explanation(answer)).toMatch(/The model alone says: a nebula \(2%\)/);
  });

  it('may be a star, which has no class', () => {
    const star = createObject({ name: 'M 40', kind: 'double star', labels: [], common_name: null });
    const answer = named({ agreement: 'undecided', object: star, combined: null });
    expect(headline(answer).text).toBe('A double star: M 40');
  });

  it('may be of unknown kind, so that the headline states the class of the model', () => {
    const unknown = createObject({ name: 'NGC 1', kind: 'unknown', labels: [], common_name: null });
    const answer = named({ agreement: 'undecided', object: unknown, combined: null });
    expect(headline(answer).text).toBe('A galaxy: NGC 1');
  });

  it('is not named if the model contradicts it, and the explanation states both', () => {
    const answer = named({
      label: 'nebula',
      agreement: 'differs',
      difference: { kind: 'network', object, found_by: 'file name', other: null },
      probabilities: { ...probabilities, nebula: 0.98 },
      prediction_set: ['nebula'],
    });
    expect(headline(answer)).toEqual({ text: 'A nebula', certainty: 'very sure' });
    expect(explanation(answer)).toBe(
      'The file name says M 31, Andromeda Galaxy (spiral galaxy), but the model sees a nebula (98%).',
    );
  });

  it('is not named if name and position contradict each other', () => {
    const other = createObject({ name: 'M 42', common_name: 'Orion Nebula' });
    const difference = { kind: 'position', object, found_by: 'header', other } as const;
    const answer = named({ agreement: 'differs', difference, combined: null });
    expect(headline(answer).text).toBe('A galaxy');
    expect(explanation(answer)).toBe(
      'The file header says M 31, Andromeda Galaxy, but the field is around M 42, Orion Nebula.',
    );
    expect(explanation({ ...answer, difference: { ...difference, kind: 'names' } })).toBe(
      'The file header says M 31, Andromeda Galaxy, but the file name says M 42, Orion Nebula.',
    );
    expect(explanation({ ...answer, difference: { ...difference, other: null }, sky })).toBe(
      'The file header says M 31, Andromeda Galaxy, but the field is around 0h\u00a042m\u00a048s, +41°\u00a018′.',
    );
  });

  it('is contradicted in the words of the server in answers of earlier versions', () => {
    const agreement_message = 'The header says M 31, but the field is around M 42.';
    expect(explanation(named({ agreement: 'differs', agreement_message }))).toBe(agreement_message);
  });
});
