import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it } from 'vitest';

import { UndoNotice } from '@/components/answer-list/undo-notice';
import { AnswerPage } from '@/features/history/components/answer-page';
import { deletions } from '@/lib/deletions';
import { createAnswer, createFieldObject, createObject, sky } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, problem, server } from '@/testing/server';

const ANSWER = '*/api/v1/classifications/a1';

const show = () => renderInApp(<AnswerPage id="a1" feedback={() => 'Feedback panel'} />);

let deleted: string[][];

beforeEach(() => {
  deleted = [];
  server.use(
    http.get(ANSWER, () => HttpResponse.json(createAnswer())),
    http.post(`${CLASSIFICATIONS}/delete`, async ({ request }) => {
      const { ids } = (await request.json()) as { ids: string[] };
      deleted.push(ids);
      return HttpResponse.json({ deleted: ids.length });
    }),
  );
});

it('shows the image, answer and feedback', async () => {
  show();
  expect(await screen.findByRole('heading', { name: 'm51.jpg' })).toBeVisible();
  expect(screen.getByRole('heading', { name: /A galaxy, very sure/ })).toBeVisible();
  expect(screen.getByAltText('Image m51.jpg')).toBeVisible();
  expect(screen.getByText('Feedback panel')).toBeVisible();
});

it('deletes the answer unless this is undone', async () => {
  renderInApp(
    <>
      <AnswerPage id="a1" feedback={() => null} />
      <UndoNotice />
    </>,
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await deletions.sendAll();
  expect(deleted).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await deletions.sendAll();
  expect(deleted).toEqual([['a1']]);
});

it('shows an error for an answer that does not exist or belongs to another client', async () => {
  server.use(http.get(ANSWER, () => problem(404, 'not_found', 'You have no classification a1.')));
  show();
  expect(await screen.findByText('There is no answer at this address')).toBeVisible();
  expect(screen.getByRole('link', { name: /Back to history/ })).toBeVisible();
});

it('names the object, and shows its outline over the image until it is switched off', async () => {
  server.use(
    http.get(ANSWER, () =>
      HttpResponse.json(
        createAnswer({
          object: createObject(),
          objects: [createFieldObject()],
          sky,
          agreement: 'agrees',
        }),
      ),
    ),
  );
  show();
  expect(
    await screen.findByRole('heading', { name: 'A galaxy: M 31, the Andromeda Galaxy' }),
  ).toBeVisible();
  const outlines = screen.getByRole('img', { name: 'Outlines of objects in the field: M 31' });
  expect(within(outlines).getByText('M 31')).toBeVisible();
  await userEvent.click(screen.getByRole('switch', { name: 'Objects' }));
  expect(outlines).not.toBeInTheDocument();
});

it('has no switch for objects if there are none', async () => {
  show();
  await screen.findByRole('button', { name: 'Why?' });
  expect(screen.queryByRole('switch', { name: 'Objects' })).not.toBeInTheDocument();
});
