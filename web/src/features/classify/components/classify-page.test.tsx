import { useQueryClient } from '@tanstack/react-query';
import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { delay, http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ClassifyPage } from '@/features/classify/components/classify-page';
import { resetAnswers } from '@/lib/answer-cache';
import { createAnswer } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, problem, server } from '@/testing/server';

const image = (name: string) => new File(['light'], name, { type: 'image/jpeg' });

const choose = async (name: string) => {
  const input = document.querySelector<HTMLInputElement>('input[type=file]');
  if (input === null) throw new Error('No file input found.');
  await userEvent.upload(input, image(name));
};

const paste = (...names: string[]) =>
  fireEvent.paste(document.body, { clipboardData: { files: names.map(image) } });

const respondWith = (...responses: (() => Response | Promise<Response>)[]) => {
  server.use(http.post(CLASSIFICATIONS, () => (responses.shift() ?? HttpResponse.error)()));
};

const success = (changes: Parameters<typeof createAnswer>[0]) => () =>
  HttpResponse.json(createAnswer(changes), { status: 201 });

const never = async () => {
  await delay('infinite');
  return HttpResponse.error();
};

const headline = (name: RegExp) => screen.findByRole('heading', { name });

const ChangeKey = () => {
  const queryClient = useQueryClient();
  return <button onClick={() => void resetAnswers(queryClient)}>Use another key</button>;
};

beforeEach(() => {
  renderInApp(
    <>
      <ClassifyPage feedback={() => null} />
      <ChangeKey />
    </>,
  );
});

it('classifies a photo taken with the rear camera', async () => {
  const camera = document.querySelector<HTMLInputElement>('input[capture=environment]');
  if (camera === null) throw new Error('No camera input found.');
  expect(camera).toHaveAttribute('accept', 'image/*');
  await userEvent.upload(camera, image('photo.jpg'));
  expect(await headline(/A galaxy/)).toBeVisible();
  expect(screen.getByText('photo.jpg')).toBeVisible();
});

describe('an answer', () => {
  it('has a headline and four bars with the exact probabilities', async () => {
    await choose('m51.jpg');
    expect(await headline(/A galaxy, very sure/)).toBeVisible();
    const probabilities = screen.getAllByRole('meter').map((bar) => Number(bar.ariaValueNow));
    expect(probabilities).toEqual([0.964, 0.02, 0.012, 0.004]);
    expect(screen.getByRole('meter', { name: 'Galaxy' })).toHaveTextContent('96.4%');
  });

  it('shows the preview of the server alone if the browser cannot show the image', async () => {
    respondWith(() => HttpResponse.error(), success({}));
    await choose('m51.fits');
    const retry = await screen.findByRole('button', { name: 'Try again' });
    const local = document.querySelector('figure img');
    if (local === null) throw new Error('No local image found.');
    fireEvent.error(local);
    expect(await screen.findByText('No preview available.')).toBeVisible();
    await userEvent.click(retry);
    expect(await headline(/A galaxy/)).toBeVisible();
    expect(screen.queryByText('No preview available.')).not.toBeInTheDocument();
  });

  it('is shown for samples and pasted images too', async () => {
    await userEvent.click(await screen.findByRole('button', { name: 'Sample image 1' }));
    expect(await headline(/A galaxy/)).toBeVisible();
    respondWith(success({ label: 'nebula' }));
    paste('pasted.png');
    expect(await headline(/A nebula/)).toBeVisible();
  });

  it('shows the evidence on request, for its label or another class', async () => {
    await choose('m51.jpg');
    const why = await screen.findByRole('button', { name: 'Why?' });
    expect(screen.queryByAltText(/Evidence for/)).not.toBeInTheDocument();
    await userEvent.click(why);
    expect(await screen.findByAltText(/Evidence for: Galaxy/)).toHaveAttribute(
      'src',
      '/api/v1/classifications/a1/evidence/galaxy.svg',
    );
    await userEvent.click(screen.getByRole('radio', { name: 'Nebula' }));
    expect(screen.getByAltText(/Evidence for: Nebula/)).toHaveAttribute(
      'src',
      expect.stringMatching(/nebula/),
    );
    await userEvent.click(why);
    expect(screen.queryByAltText(/Evidence for/)).not.toBeInTheDocument();
  });

  it('hides the evidence while a button is held with the pointer or a key', async () => {
    await choose('m51.jpg');
    await userEvent.click(await screen.findByRole('button', { name: 'Why?' }));
    const user = userEvent.setup();
    const contours = screen.getByAltText(/Evidence for: Galaxy/);
    const button = screen.getByRole('button', { name: 'Hold to hide the lines' });
    await user.pointer({ keys: '[MouseLeft>]', target: button });
    expect(contours).not.toBeVisible();
    await user.pointer({ keys: '[/MouseLeft]', target: button });
    expect(contours).toBeVisible();
    button.focus();
    await user.keyboard('[Space>]');
    expect(contours).not.toBeVisible();
    await user.keyboard('[/Space]');
    expect(contours).toBeVisible();
  });
});

it('removes all answers when the API key changes, without moving the focus', async () => {
  paste('m51.jpg', 'm42.jpg');
  await screen.findByText(/^2 images: 2 galaxies/, { selector: '[role=status]' });
  const other = screen.getByRole('button', { name: 'Use another key' });
  await userEvent.click(other);
  expect(screen.getByRole('button', { name: 'Choose images' })).toBeVisible();
  expect(other).toHaveFocus();
});

describe('choosing another image', () => {
  it('aborts the request for the previous image and never shows its answer', async () => {
    const abort = vi.spyOn(XMLHttpRequest.prototype, 'abort');
    respondWith(never);
    await choose('slow.jpg');
    expect(await screen.findByText('Classifying …')).toBeVisible();
    respondWith(success({ label: 'star_cluster' }));
    await choose('next.jpg');
    expect(await headline(/A star cluster/)).toBeVisible();
    expect(abort).toHaveBeenCalledOnce();
    expect(screen.getByText('next.jpg')).toBeVisible();
  });

  it('removes the previous answer immediately', async () => {
    await choose('first.jpg');
    await headline(/A galaxy/);
    respondWith(never);
    await choose('second.jpg');
    expect(screen.queryByRole('meter')).not.toBeInTheDocument();
    expect(screen.queryByAltText(/first/)).not.toBeInTheDocument();
  });

  it('can be cancelled', async () => {
    respondWith(never);
    await choose('slow.jpg');
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(screen.getByRole('button', { name: 'Choose images' })).toHaveFocus();
  });
});

describe('a failed classification', () => {
  it("shows the server's message", async () => {
    respondWith(() => problem(415, 'unsupported_format', 'This is a text file.'));
    await choose('note.jpg');
    const message = await screen.findByText('This is a text file.');
    expect(message).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
  });

  it.each([
    ['the server is unreachable', () => HttpResponse.error(), /does not respond/],
    [
      'the error is not a problem document',
      () => new HttpResponse('<h1>', { status: 500 }),
      /unexpected/,
    ],
    ['the response is not JSON', () => new HttpResponse('<h1>', { status: 201 }), /unexpected/],
  ])('can be retried if %s', async (_, failure, message) => {
    respondWith(failure, success({}));
    await choose('m51.jpg');
    const result = screen.getByRole('region', { name: 'Answer' });
    expect(await within(result).findByText(message)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await headline(/A galaxy/)).toBeVisible();
  });
});
