import { useQueryClient } from '@tanstack/react-query';
import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { delay, http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ClassifyPage } from '@/features/classify/components/classify-page';
import { startAnew } from '@/lib/answer-cache';
import { answerWith } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, problem, server } from '@/testing/server';

const image = (name: string) => new File(['light'], name, { type: 'image/jpeg' });

const choose = async (name: string) => {
  const input = document.querySelector<HTMLInputElement>('input[type=file]');
  if (input === null) throw new Error('There is no file input.');
  await userEvent.upload(input, image(name));
};

const paste = (...names: string[]) =>
  fireEvent.paste(document.body, { clipboardData: { files: names.map(image) } });

const answers = (...replies: (() => Response | Promise<Response>)[]) => {
  server.use(http.post(CLASSIFICATIONS, () => (replies.shift() ?? HttpResponse.error)()));
};

const reply = (changes: Parameters<typeof answerWith>[0]) => () =>
  HttpResponse.json(answerWith(changes), { status: 201 });

const never = async () => {
  await delay('infinite');
  return HttpResponse.error();
};

const headline = (name: RegExp) => screen.findByRole('heading', { name });

const StartAnew = () => {
  const queryClient = useQueryClient();
  return <button onClick={() => void startAnew(queryClient)}>Use another key</button>;
};

beforeEach(() => {
  renderInApp(
    <>
      <ClassifyPage feedback={() => null} />
      <StartAnew />
    </>,
  );
});

it('takes a photo with the camera behind the screen', async () => {
  const camera = document.querySelector<HTMLInputElement>('input[capture=environment]');
  if (camera === null) throw new Error('There is no input for the camera.');
  expect(camera).toHaveAttribute('accept', 'image/*');
  await userEvent.upload(camera, image('photo.jpg'));
  expect(await headline(/A galaxy/)).toBeVisible();
  expect(screen.getByText('photo.jpg')).toBeVisible();
});

describe('an answer', () => {
  it('is shown in words and as four bars with the exact probabilities', async () => {
    await choose('m51.jpg');
    expect(await headline(/A galaxy, very sure/)).toBeVisible();
    const shares = screen.getAllByRole('meter').map((bar) => Number(bar.ariaValueNow));
    expect(shares).toEqual([0.964, 0.02, 0.012, 0.004]);
    expect(screen.getByRole('meter', { name: 'Galaxy' })).toHaveTextContent('96.4%');
  });

  it('comes for a sample and for a pasted image too', async () => {
    await userEvent.click(screen.getByRole('button', { name: /NGC 1433/ }));
    expect(await headline(/A galaxy/)).toBeVisible();
    answers(reply({ label: 'nebula' }));
    paste('pasted.png');
    expect(await headline(/A nebula/)).toBeVisible();
  });

  it('shows the evidence for its class, for another on demand, or not at all', async () => {
    await choose('m51.jpg');
    expect(await screen.findByAltText(/speaks for: Galaxy/)).toHaveAttribute(
      'src',
      '/api/v1/classifications/a1/evidence/galaxy.png',
    );
    await userEvent.click(screen.getByRole('radio', { name: 'Nebula' }));
    expect(screen.getByAltText(/speaks for: Nebula/)).toHaveAttribute(
      'src',
      expect.stringMatching(/nebula/),
    );
    await userEvent.click(screen.getByRole('switch'));
    expect(screen.queryByAltText(/speaks for/)).not.toBeInTheDocument();
  });
});

it('goes with the key that it was given to, and the focus stays where it is', async () => {
  paste('m51.jpg', 'm42.jpg');
  await screen.findByText(/^2 images: 2 galaxies/, { selector: '[role=status]' });
  const other = screen.getByRole('button', { name: 'Use another key' });
  await userEvent.click(other);
  expect(screen.getByRole('button', { name: 'Choose images' })).toBeVisible();
  expect(other).toHaveFocus();
});

describe('a new image', () => {
  it('aborts the request for the earlier one, whose answer is never shown', async () => {
    const abort = vi.spyOn(XMLHttpRequest.prototype, 'abort');
    answers(never);
    await choose('slow.jpg');
    expect(await screen.findByText('Looking at it …')).toBeVisible();
    answers(reply({ label: 'star_cluster' }));
    await choose('next.jpg');
    expect(await headline(/A star cluster/)).toBeVisible();
    expect(abort).toHaveBeenCalledOnce();
    expect(screen.getByText('next.jpg')).toBeVisible();
  });

  it('takes the place of the earlier answer at once', async () => {
    await choose('first.jpg');
    await headline(/A galaxy/);
    answers(never);
    await choose('second.jpg');
    expect(screen.queryByRole('meter')).not.toBeInTheDocument();
    expect(screen.queryByAltText(/first/)).not.toBeInTheDocument();
  });

  it('can be cancelled', async () => {
    answers(never);
    await choose('slow.jpg');
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(screen.getByRole('button', { name: 'Choose images' })).toHaveFocus();
  });
});

describe('a problem', () => {
  it('is told in the words of the server', async () => {
    answers(() => problem(415, 'unsupported_format', 'This is a text file.'));
    await choose('note.jpg');
    const message = await screen.findByText('This is a text file.');
    expect(message).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
  });

  it.each([
    ['the server cannot be reached', () => HttpResponse.error(), /does not answer/],
    ['the answer is no problem', () => new HttpResponse('<h1>', { status: 500 }), /not understand/],
    ['the answer is no JSON', () => new HttpResponse('<h1>', { status: 201 }), /not understand/],
  ])('can be tried again where %s', async (_, failure, told) => {
    answers(failure, reply({}));
    await choose('m51.jpg');
    const result = screen.getByRole('region', { name: 'Answer' });
    expect(await within(result).findByText(told)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await headline(/A galaxy/)).toBeVisible();
  });
});
