import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it } from 'vitest';

import { AnswerPage } from '@/features/history/components/answer-page';
import { answerWith } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { problem, server } from '@/testing/server';

const ANSWER = '*/api/v1/classifications/a1';

const show = () => renderInApp(<AnswerPage id="a1" feedback={() => 'What do you say?'} />);

let deleted: number;

beforeEach(() => {
  deleted = 0;
  server.use(
    http.get(ANSWER, () => HttpResponse.json(answerWith())),
    http.delete(ANSWER, () => {
      deleted++;
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

it('shows image, evidence, answer and feedback of one answer', async () => {
  show();
  expect(await screen.findByRole('heading', { name: 'm51.jpg' })).toBeVisible();
  expect(screen.getByRole('heading', { name: /A galaxy, very sure/ })).toBeVisible();
  expect(screen.getByAltText(/speaks for: Galaxy/)).toBeVisible();
  expect(screen.getByText('What do you say?')).toBeVisible();
});

it('is deleted only once that is confirmed', async () => {
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  await userEvent.click(await screen.findByText('Keep it'));
  expect(deleted).toBe(0);
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete for good' }));
  await waitFor(() => {
    expect(deleted).toBe(1);
  });
});

it('says so where it could not be deleted', async () => {
  server.use(http.delete(ANSWER, () => problem(503, 'storage_unavailable', 'The disk is away.')));
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete for good' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('The disk is away.');
});

it("tells that there is no such answer, or that it is somebody else's", async () => {
  server.use(http.get(ANSWER, () => problem(404, 'not_found', 'You have no answer a1.')));
  show();
  expect(await screen.findByText('You have no answer a1.')).toBeVisible();
  expect(screen.getByRole('link', { name: /All your answers/ })).toBeVisible();
});
