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

/** Opens the menu, whose code is loaded after the answer is shown. */
const openMenu = async () => {
  await userEvent.click(await screen.findByRole('button', { name: 'More', expanded: false }));
};

/** Returns an item of the menu. Mantine hides the menu, because jsdom has no layout. */
const findItem = (name: string, role = 'menuitem') =>
  screen.findByRole(role, { name, hidden: true });

const chooseInMenu = async (name: string, role?: string) => {
  await openMenu();
  await userEvent.click(await findItem(name, role));
};

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
  expect(await screen.findByRole('heading', { name: /A galaxy, very sure/ })).toBeVisible();
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
  await chooseInMenu('Delete');
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await deletions.sendAll();
  expect(deleted).toEqual([]);
  await chooseInMenu('Delete');
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
  await chooseInMenu('Show objects', 'menuitemcheckbox');
  expect(outlines).not.toBeInTheDocument();
});

it('has no menu item for objects if there are none', async () => {
  show();
  await openMenu();
  await findItem('Share');
  expect(screen.queryByRole('menuitemcheckbox', { hidden: true })).not.toBeInTheDocument();
});
