import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { MeasuredAccuracy } from '@/features/models/components/measured-accuracy';
import { model } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { MODELS, problem, server } from '@/testing/server';

const show = () => renderInApp(<MeasuredAccuracy />);

it('shows the accuracy with its interval and the number of images', async () => {
  show();
  expect(await screen.findByText(/95\.1% of 1,731 test images/)).toHaveTextContent(
    /93\.1% to 97\.1%/,
  );
});

it('prefers the accuracy on images of new photographers', async () => {
  const accuracy = { value: 0.89, low: 0.85, high: 0.92 };
  const metrics = { source_test: { accuracy, macro_f1: accuracy, images: 271, fields: 43 } };
  server.use(
    http.get(MODELS, () =>
      HttpResponse.json([{ ...model, metrics: { ...model.metrics, ...metrics } }]),
    ),
  );
  show();
  expect(
    await screen.findByText(/89\.0% of 271 images by photographers who are new/),
  ).toHaveTextContent(/85\.0% to 92\.0%/);
});

it.each([
  ['the list cannot be loaded', () => problem(500, 'model_corrupt', 'A card is damaged.')],
  ['the model was not tested', () => HttpResponse.json([{ ...model, metrics: {} }])],
])('is blank if %s', async (_, reply) => {
  let wasRequested = false;
  server.use(
    http.get(MODELS, () => {
      wasRequested = true;
      return reply();
    }),
  );
  show();
  await waitFor(() => {
    expect(wasRequested).toBe(true);
  });
  expect(screen.queryByText(/%/)).not.toBeInTheDocument();
});
