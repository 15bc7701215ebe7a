import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ClassifyPage } from '@/features/classify/components/classify-page';
import type { Label, ModelSummary } from '@/lib/api-client';
import { answerWith, modelOf } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { CLASSIFICATIONS, MODELS, problem, server } from '@/testing/server';

const INSTALLED = [
  modelOf('efficientnet', 'EfficientNet-B0', 0.97),
  modelOf('vgg16', 'VGG16', 0.91),
] satisfies ModelSummary[];

const LABELS: Record<string, Label> = {
  'm51.jpg': 'galaxy',
  'm90.jpg': 'galaxy',
  'm42.jpg': 'nebula',
};

/** What each model says of each image: VGG16 takes all for nebulae. */
const answerTo = (name: string, model: string) =>
  answerWith({
    id: `${name}-${model}`,
    path: name,
    model,
    label: model === 'vgg16' ? 'nebula' : (LABELS[name] ?? 'other'),
  });

/** What the server says of a file, by its name, in place of an answer. */
let refusals: Map<string, () => Response>;

beforeEach(() => {
  refusals = new Map();
  server.use(
    http.get(MODELS, () => HttpResponse.json(INSTALLED)),
    http.post(CLASSIFICATIONS, async ({ request }) => {
      const form = await request.formData();
      const name = await (form.get('image') as File).text(); // each file holds its own name
      const model = form.get('model') as string;
      const refusal = refusals.get(name);
      if (refusal !== undefined) return refusal();
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

const tiles = () => within(screen.getByRole('list', { name: 'Your images' })).getAllByRole('listitem');
const summary = (words: RegExp) => screen.findByText(words, { selector: '[role=status]' });

describe('many images', () => {
  it('are a list with an answer for each, and words for all', async () => {
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

  it('suffer from no bad one among them, which says what is wrong', async () => {
    refusals.set('bad.jpg', () => problem(422, 'corrupt_image', 'The image is cut off.'));
    paste('m51.jpg', 'bad.jpg', 'm42.jpg');
    expect(await summary(/1 galaxy, 1 nebula, and 1 could not be read/)).toBeInTheDocument();
    expect(tiles()[0]).toHaveTextContent(/No answer.*The image is cut off\..*bad\.jpg/);
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
  });

  it('that could not be sent are tried again together', async () => {
    refusals.set('m51.jpg', () => HttpResponse.error());
    refusals.set('m42.jpg', () => HttpResponse.error());
    paste('m51.jpg', 'm42.jpg', 'm90.jpg');
    expect(await summary(/1 galaxy and 2 could not be sent/)).toBeInTheDocument();
    refusals.clear();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await summary(/2 galaxies and 1 nebula/)).toBeInTheDocument();
  });

  it('wait where the server has too much to do, and no one sees a failure', async () => {
    let refused = 0;
    refusals.set('m51.jpg', () => {
      refused += 1;
      if (refused === 3) refusals.delete('m51.jpg');
      const busy = problem(503, 'overloaded', 'The server works on 16 requests already.');
      busy.headers.set('Retry-After', '0');
      return busy;
    });
    paste('m51.jpg', 'm42.jpg');
    expect(await summary(/1 galaxy and 1 nebula/)).toBeInTheDocument();
    expect(refused).toBe(3);
  });

  it('are asked about anew when another model is to answer, or all', async () => {
    paste('m51.jpg', 'm42.jpg');
    await summary(/1 galaxy and 1 nebula/);
    await userEvent.click(screen.getByRole('radio', { name: 'VGG16' }));
    expect(await summary(/2 nebulae/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('radio', { name: 'Compare all' }));
    expect(await summary(/the models agree on 1 and they differ on 1/)).toBeInTheDocument();
    expect(screen.getByText('The models differ').closest('li')).toHaveTextContent('m51.jpg');
    await userEvent.click(screen.getByRole('button', { name: 'Take m42.jpg off the list' }));
    paste('m51.jpg', 'm90.jpg');
    expect(await summary(/^2 images: the models differ on 2\.$/)).toBeInTheDocument();
  });

  it('can be sent again where the server wanted a key', async () => {
    refusals.set('m51.jpg', () => problem(401, 'key_required', 'There is no key.'));
    paste('m51.jpg', 'm42.jpg');
    await summary(/1 nebula and 1 could not be sent/);
    refusals.clear();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await summary(/1 galaxy and 1 nebula/)).toBeInTheDocument();
  });
});

describe('an image of many', () => {
  beforeEach(async () => {
    paste('m42.jpg', 'm51.jpg', 'm90.jpg');
    await summary(/2 galaxies and 1 nebula/);
  });

  const headline = (name: RegExp) => screen.findByRole('heading', { level: 2, name });

  it('is opened in full, leads to those beside it, and back to all', async () => {
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

  it('is taken off the list, and the focus goes to the one beside it', async () => {
    await userEvent.click(screen.getByRole('button', { name: 'Take m51.jpg off the list' }));
    expect(tiles()).toHaveLength(2);
    expect(screen.getByRole('button', { name: /Galaxy.*m90\.jpg$/ })).toHaveFocus();
  });

  it('makes way for a new start', async () => {
    await userEvent.click(screen.getByRole('button', { name: 'Start over' }));
    expect(screen.getByRole('button', { name: 'Choose images' })).toHaveFocus();
  });

  it('is joined by what comes later', async () => {
    const scroll = vi.spyOn(Element.prototype, 'scrollIntoView').mockClear();
    await userEvent.click(screen.getByRole('button', { name: /Chelsea the cat/ }));
    expect(await summary(/^4 images: /)).toBeInTheDocument();
    expect(tiles()).toHaveLength(4);
    expect(scroll).toHaveBeenCalledOnce();
    expect(screen.getByRole('region', { name: 'Your images' })).toHaveFocus();
  });
});

it('cancels what is not answered yet, and keeps the rest', async () => {
  refusals.set('m90.jpg', () => {
    const busy = problem(429, 'too_many_requests', 'Try again in 60 seconds.');
    busy.headers.set('Retry-After', '60');
    return busy;
  });
  paste('m42.jpg', 'm51.jpg', 'm90.jpg');
  expect(await screen.findByText(/The server is busy/)).toBeVisible();
  expect(screen.getByText(/2 of 3 done/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel the rest' }));
  expect(await summary(/2 images: 1 galaxy and 1 nebula/)).toBeInTheDocument();
});

it('takes from a folder what is named like an image, and says what is left out', async () => {
  const input = document.querySelector<HTMLInputElement>('input[webkitdirectory]');
  if (input === null) throw new Error('There is no input for folders.');
  const inFolder = (name: string) => {
    const file = new File([name], name);
    Object.defineProperty(file, 'webkitRelativePath', { value: `sky/${name}` });
    return file;
  };
  const images = ['m90.jpg', 'm51.JPG', 'm42.fits.fz', 'm13.xisf'];
  const others = ['IMG_1.HEIC', 'DSC01.ARW', 'M31', 'notes.txt', 'todo.txt', '._m42.jpg'];
  await userEvent.upload(input, [...others, ...images].map(inFolder));
  await waitFor(() => {
    expect(tiles()).toHaveLength(4);
  });
  const notice = screen.getByRole('alert');
  expect(notice).toHaveTextContent(
    /^5 files were left out, .*: IMG_1\.HEIC, DSC01\.ARW, M31, and 2 more\. If they are images/,
  );
  expect(notice.nextElementSibling).toBe(screen.getByRole('region', { name: 'Your images' }));
  await summary(/4 images/);
});
