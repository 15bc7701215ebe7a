import { expect, it } from 'vitest';

import { kindText } from '@/lib/kind-text';
import { createAnswer, createObject } from '@/testing/fixtures';

const subtype = { name: 'spiral galaxy', probability: 0.93, source: 'network' } as const;

it('states the kind that the model sees', () => {
  expect(kindText(createAnswer({ subtype }))).toBe(
    'Kind: probably spiral galaxy (93%), judging by the image alone.',
  );
});

it('states what an image without a deep-sky object shows', () => {
  const planet = { name: 'planet', probability: 0.97, source: 'network' } as const;
  expect(kindText(createAnswer({ label: 'other', subtype: planet }))).toBe(
    'Something else: probably a planet (97%).',
  );
});

it('states that the kind is unsure', () => {
  expect(kindText(createAnswer())).toBe('Kind: unsure.');
});

it('is silent if the model predicts no kinds', () => {
  expect(kindText(createAnswer(), false)).toBeUndefined();
});

it('leaves the kind of an identified object to the catalogue', () => {
  const known = { name: 'spiral galaxy', probability: null, source: 'catalogue' } as const;
  const object = createObject();
  expect(kindText(createAnswer({ object, agreement: 'agrees', subtype: known }))).toBeUndefined();
});

it.each([{ label: 'other' }, { verdict: 'unfamiliar' }, { label: 'comet' }] as const)(
  'is silent about %o',
  (changes) => {
    expect(kindText(createAnswer(changes))).toBeUndefined();
  },
);
