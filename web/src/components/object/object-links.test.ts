import { expect, it } from 'vitest';

import { objectLinks } from '@/components/object/object-links';
import { createObject, sky } from '@/testing/fixtures';

const urls = (...parameters: Parameters<typeof objectLinks>) =>
  Object.fromEntries(objectLinks(...parameters).map(({ name, url }) => [name, new URL(url)]));

it('uses the name where all databases know it', () => {
  const { SIMBAD, NED } = urls(createObject(), null);
  expect(SIMBAD?.searchParams.get('Ident')).toBe('M 31');
  expect(NED?.searchParams.get('objname')).toBe('M 31');
});

it('uses the coordinates for names that can mean another object', () => {
  const { SIMBAD, NED } = urls(
    createObject({ name: 'Abell 39', kind: 'planetary nebula', labels: ['nebula'] }),
    null,
  );
  expect(SIMBAD?.searchParams.get('Coord')).toBe('10.68480 +41.26908');
  expect(NED).toBeUndefined();
});

it('shows the field around the object', () => {
  const fov = (...parameters: Parameters<typeof objectLinks>) =>
    Number(urls(...parameters)['Aladin Lite']?.searchParams.get('fov'));
  expect(fov(createObject({ major_axis: 120 }), null)).toBe(3);
  expect(fov(createObject({ major_axis: null }), null)).toBe(0.5);
  expect(fov(null, sky)).toBeCloseTo(sky.width, 1);
});

it('has no links without a place', () => {
  expect(objectLinks(null, null)).toEqual([]);
});
