import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ClassifyPage } from '@/features/classify/components/classify-page';
import type { Label, ModelSummary } from '@/lib/api-client';
import { createAnswer, createModel } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { busy, CLASSIFICATIONS, MODELS, problem, server } from '@/testing/server';

const INSTALLED = [
  createModel('efficientnet', 'EfficientNet-B0', 0.97),
  createModel('vgg16', 'VGG16', 0.91),
] satisfies ModelSummary[];

const LABELS: Record<string, Label> = {
  'm51.jpg': 'galaxy',
  'm90.jpg': 'galaxy',
  'm42.jpg': 'nebula',
};

/**
 * The label that the mock server returns for each image. VGG16 classifies all images as nebulae.
 */
const answerTo = (name: string, model: string) =>
  createAnswer({
    id: `${name}-${model}`,
    path: name,
    model,
    label: model === 'vgg16' ? 'nebula' : (LABELS[name] ?? 'other'),
  });

/** The error responses that the mock server returns, by file name. */
let failures: Map<string, () => Response>;

beforeEach(() => {
  failures = new Map();
  server.use(
    http.get(MODELS, () => HttpResponse.json(INSTALLED)),
    http.post(CLASSIFICATIONS, async ({ request }) => {
      const form = await request.formData();
      const name = await (form.get('image') as File).text(); // each file contains its own name
      const model = form.get('model') as string;
      const failure = failures.get(name);
      if (failure !== undefined) return failure();
      const items = INSTALLED.map((one) => answerTo(name, one.name));
      return HttpResponse.json(model === 'all' ? { items } : answerTo(name, model), {
        status: 201,
      });
    }),
  );
  renderInApp(<ClassifyPage feedback={() => null} />);
});

const paste = (...names: string[]) => {
  const files = names.map((name) => new File([name], name));
  fireEvent.paste(document.body, { clipboardData: { files } });
};

const tiles = () =>
  within(screen.getByRole('list', { name: 'Your images' })).getAllByRole('listitem');
const summary = (text: RegExp) => screen.findByText(text, { selector: '[role=status]' });

describe('many images', () => {
  it('are listed with their answers and a summary', async () => {
    paste('m90.jpg', 'm51.jpg', 'm42.jpg');
    expect(await summary(/^3 images: 2 galaxies and 1 nebula\.$/)).toBeInTheDocument();
    expect(tiles().map((tile) => tile.textContent)).toEqual([
      expect.stringMatching(/Nebula.*m42\.jpg/),
      expect.stringMatching(/Galaxy.*m51\.jpg/),
      expect.stringMatching(/Galaxy.*m90\.jpg/),
    ]);
    expect(screen.getByTitle('m42.jpg')).toBeVisible();
    expect(screen.getByRole('region', { name: 'Your images' })).toHaveFocus();
  });

  it('get answers even if one of them cannot be read', async () => {
    failures.set('bad.jpg', () => problem(422, 'corrupt_image', 'The image is cut off.'));
    paste('m51.jpg', 'bad.jpg', 'm42.jpg');
    expect(await summary(/1 galaxy, 1 nebula, and 1 could not be read/)).toBeInTheDocument();
    expect(tiles()[0]).toHaveTextContent(/No answer.*The image is cut off\..*bad\.jpg/);
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
  });

  it('can be retried together if they could not be sent', async () => {
    failures.set('m51.jpg', () => HttpResponse.error());
    failures.set('m42.jpg', () => HttpResponse.error());
    paste('m51.jpg', 'm42.jpg', 'm90.jpg');
    expect(await summary(/1 galaxy and 2 could not be sent/)).toBeInTheDocument();
    failures.clear();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await summary(/2 galaxies and 1 nebula/)).toBeInTheDocument();
  });

  it('wait for an overloaded server without showing an error', async () => {
    let rejected = 0;
    failures.set('m51.jpg', () => {
      rejected += 1;
      if (rejected === 3) failures.delete('m51.jpg');
      return busy('0');
    });
    paste('m51.jpg', 'm42.jpg');
    expect(await summary(/1 galaxy and 1 nebula/)).toBeInTheDocument();
    expect(rejected).toBe(3);
  });

  it('are classified again if another model or all models are chosen', async () => {
    paste('m51.jpg', 'm42.jpg');
    await summary(/1 galaxy and 1 nebula/);
    await userEvent.click(screen.getByRole('radio', { name: 'VGG16' }));
    expect(await summary(/2 nebulae/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('radio', { name: 'Compare all' }));
    expect(await summary(/the models agree on 1 and they differ on 1/)).toBeInTheDocument();
    expect(screen.getByText('Models differ').closest('[role=listitem]')).toHaveTextContent(
      'm51.jpg',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Remove m42.jpg from the list' }));
    paste('m51.jpg', 'm90.jpg');
    expect(await summary(/^2 images: the models differ on 2\.$/)).toBeInTheDocument();
  });

  it('can be retried after an API key was required', async () => {
    failures.set('m51.jpg', () => problem(401, 'key_required', 'No API key.'));
    paste('m51.jpg', 'm42.jpg');
    await summary(/1 nebula and 1 could not be sent/);
    failures.clear();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await summary(/1 galaxy and 1 nebula/)).toBeInTheDocument();
  });
});

describe('an image in the list', () => {
  beforeEach(async () => {
    paste('m42.jpg', 'm51.jpg', 'm90.jpg');
    await summary(/2 galaxies and 1 nebula/);
  });

  const headline = (name: RegExp) => screen.findByRole('heading', { level: 2, name });

  it('opens in full, with buttons for the neighbouring images and the list', async () => {
    await userEvent.click(screen.getByRole('button', { name: /m51\.jpg$/ }));
    expect(await headline(/A galaxy/)).toBeVisible();
    expect(screen.getByText('2 of 3')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /Next/ }));
    expect(await screen.findByText('3 of 3')).toBeVisible();
    expect(screen.getByRole('button', { name: /Next/ })).toBeDisabled();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(await headline(/A nebula/)).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(screen.getByRole('button', { name: /m42\.jpg$/ })).toHaveFocus();
  });

  it('can be removed, which moves the focus to the next image', async () => {
    await userEvent.click(screen.getByRole('button', { name: 'Remove m51.jpg from the list' }));
    expect(tiles()).toHaveLength(2);
    await waitFor(() => {
      expect(screen.getByRole('button', { name: /Galaxy.*m90\.jpg$/ })).toHaveFocus();
    });
  });

  it('disappears if the list is cleared', async () => {
    await userEvent.click(screen.getByRole('button', { name: 'Clear list' }));
    expect(screen.getByRole('button', { name: 'Choose images' })).toHaveFocus();
  });

  it('stays in the list if images are added', async () => {
    const scroll = vi.spyOn(Element.prototype, 'scrollIntoView').mockClear();
    await userEvent.click(await screen.findByRole('button', { name: 'Sample image 12' }));
    expect(await summary(/^4 images: /)).toBeInTheDocument();
    expect(tiles()).toHaveLength(4);
    expect(scroll).toHaveBeenCalledOnce();
    expect(screen.getByRole('region', { name: 'Your images' })).toHaveFocus();
  });
});

it('cancels pending images and keeps those that have answers', async () => {
  failures.set('m90.jpg', () => {
    const response = problem(429, 'too_many_requests', 'Try again in 60 seconds.');
    response.headers.set('Retry-After', '60');
    return response;
  });
  paste('m42.jpg', 'm51.jpg', 'm90.jpg');
  expect(await screen.findByText(/The server is busy/)).toBeVisible();
  expect(screen.getByText(/2 of 3 done/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel the rest' }));
  expect(await summary(/2 images: 1 galaxy and 1 nebula/)).toBeInTheDocument();
});

it('selects the images of a folder by content and lists the skipped files', async () => {
  const input = document.querySelector<HTMLInputElement>('input[webkitdirectory]');
  if (input === null) throw new Error('No folder input found.');
  const inFolder = (name: string, content = name) => {
    const file = new File([content], name);
    Object.defineProperty(file, 'webkitRelativePath', { value: `sky/${name}` });
    return file;
  };
  const images = [inFolder('m90.jpg'), inFolder('m51.JFIF'), inFolder('M31', 'SIMPLE  =    T')];
  const others = ['README', 'notes.txt', 'todo.txt', 'log.csv', '._m42.jpg'];
  await userEvent.upload(input, [...others.map((name) => inFolder(name)), ...images]);
  await waitFor(() => {
    expect(tiles()).toHaveLength(3);
  });
  const notice = screen.getByRole('alert');
  expect(notice).toHaveTextContent(
    /^4 files were skipped .*: README, notes\.txt, todo\.txt, and 1 more\.$/,
  );
  expect(notice.nextElementSibling).toBe(screen.getByRole('region', { name: 'Your images' }));
  await summary(/3 images/);
});
