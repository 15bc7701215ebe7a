import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';

import { ObjectSection } from '@/components/object/object-section';
import type { Classification } from '@/lib/api-client';
import { createAnswer, createFieldObject, createObject, sky } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';

const show = (changes: Partial<Classification>) =>
  renderInApp(<ObjectSection answer={createAnswer(changes)} />);

const section = () => screen.getByRole('region', { name: 'Which object' });

const facts = () =>
  Object.fromEntries(
    within(section())
      .getAllByRole('term')
      .map((term) => [
        term.textContent,
        term.nextElementSibling?.textContent.replaceAll('\u00a0', ' '),
      ]),
  );

it('describes an object that is known by name', () => {
  show({ object: createObject(), agreement: 'agrees' });
  expect(facts()).toEqual({
    Name: 'M 31',
    'Common name': 'Andromeda Galaxy',
    Kind: 'spiral galaxy',
    Distance: 'about 2.5 million light-years',
    'Known since': '964 (Abd al-Rahman al-Sufi)',
    Constellation: 'Andromeda',
    Size: '3.0° × 1.2°',
    Magnitude: '3.4',
    'Coordinates (J2000)': '0h 42m 44s, +41° 16′',
    'Found by': 'its name in the file name',
  });
  expect(section()).toHaveTextContent(/A flat disc of billions of stars with spiral arms/);
  expect(
    screen.getByRole('img', {
      name: /In the constellation Andromeda: right ascension 0h\s42m\s44s/,
    }),
  ).toBeVisible();
});

it('lists the objects in the field of an image with coordinates', () => {
  const companion = createFieldObject({
    name: 'M 32',
    common_name: null,
    kind: 'elliptical galaxy',
  });
  show({
    object: createObject({ found_by: 'position' }),
    objects: [createFieldObject(), companion],
    sky,
    agreement: 'agrees',
  });
  expect(facts()).toMatchObject({
    Field: '2.6° × 2.0°, 2.0″ per pixel',
    'Place on the sky from': 'coordinates in the file',
  });
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'M 31 Andromeda Galaxy, spiral galaxy',
    'M 32 elliptical galaxy',
  ]);
});

it('links to other websites, which learn nothing from this page', () => {
  show({ object: createObject(), agreement: 'agrees' });
  const links = screen.getAllByRole('link');
  expect(links.map(({ textContent }) => textContent)).toEqual(['SIMBAD', 'NED', 'Aladin Lite']);
  for (const link of links) {
    expect(link).toHaveAttribute('rel', 'noopener noreferrer');
    expect(link).toHaveAttribute('target', '_blank');
  }
});

it('shows the field if no object fits', () => {
  show({ sky: { ...sky, source: 'astap' }, agreement: 'not in the catalogue' });
  expect(within(section()).getByText(/No object of the catalogue fits/)).toBeVisible();
  expect(facts()).toMatchObject({
    'Centre of the field (J2000)': '0h 42m 48s, +41° 18′',
    'Place on the sky from': 'plate solving (astap)',
  });
  expect(screen.getByRole('img', { name: /Place on the sky: right ascension/ })).toBeVisible();
});

it('says that an image of a deep-sky object is not placed', () => {
  show({});
  expect(screen.getByText(/place of this image on the sky is not known yet/)).toBeVisible();
});

it.each<[string, Partial<Classification>]>([
  ['no deep-sky object', { label: 'other', prediction_set: ['other'] }],
  ['perhaps no deep-sky object', { verdict: 'unsure', prediction_set: ['galaxy', 'other'] }],
  ['something unfamiliar', { verdict: 'unfamiliar' }],
  ['something that an earlier version classified', { agreement: null }],
])('says nothing about an image of %s', (_, changes) => {
  const { container } = show(changes);
  expect(container).not.toHaveTextContent(/place|object/);
});
