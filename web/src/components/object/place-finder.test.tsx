import { useQuery } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it } from 'vitest';

import { ObjectSection } from '@/components/object/object-section';
import { ANSWERS } from '@/lib/answer-cache';
import { createAnswer, createObject, sky } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { HEALTH, problem, server } from '@/testing/server';

const SKY = '*/api/v1/classifications/a1/sky';

/** Renders the section for a cached classification. */
const Section = () => {
  const { data } = useQuery({ queryKey: [ANSWERS, 'one'], queryFn: () => createAnswer() });
  return data && <ObjectSection answer={data} />;
};

const { subtype, object, objects, agreement, difference, agreement_message, combined } =
  createAnswer();
const unknown = {
  subtype,
  object,
  objects,
  sky: null,
  agreement,
  difference,
  agreement_message,
  combined,
};

const button = () => screen.findByRole('button', { name: 'Find its place on the sky' });

beforeEach(() => {
  server.use(http.get(HEALTH, () => HttpResponse.json({ solver: 'astap' })));
});

it('finds the place of an image', async () => {
  const found = {
    ...unknown,
    object: createObject({ found_by: 'position' }),
    sky,
    agreement: 'agrees',
  };
  server.use(http.post(SKY, () => HttpResponse.json({ ...found, sky_error: null })));
  renderInApp(<Section />);
  await userEvent.click(await button());
  expect(await screen.findByRole('region', { name: 'Which object' })).toHaveTextContent('M 31');
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});

it('states why the place was not found', async () => {
  server.use(http.post(SKY, () => HttpResponse.json({ ...unknown, sky_error: 'too few stars' })));
  renderInApp(<Section />);
  await userEvent.click(await button());
  expect(
    await screen.findByText('The place on the sky was not found: the image shows too few stars.'),
  ).toBeVisible();
});

it('shows an error and can be used again', async () => {
  server.use(
    http.post(SKY, () => problem(503, 'overloaded', 'The server is solving other images.')),
  );
  renderInApp(<Section />);
  await userEvent.click(await button());
  expect(await screen.findByText(/The server is solving other images/)).toBeVisible();
  expect(await button()).toBeEnabled();
});

it('is not offered by a server without a plate solver', async () => {
  let asked = false;
  server.use(
    http.get(HEALTH, () => {
      asked = true;
      return HttpResponse.json({ solver: null });
    }),
  );
  renderInApp(<Section />);
  expect(await screen.findByText(/place of this image on the sky is not known yet/)).toBeVisible();
  await expect.poll(() => asked).toBe(true);
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});
