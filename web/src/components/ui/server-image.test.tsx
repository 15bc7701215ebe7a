import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';

import { ServerImage } from '@/components/ui/server-image';
import { renderInApp } from '@/testing/render';
import { busy, server } from '@/testing/server';

const URL_PATH = '/api/v1/classifications/a1/image';

it('uses a plain img element without an API key', () => {
  renderInApp(<ServerImage src={URL_PATH} alt="M 51" />);
  expect(screen.getByAltText('M 51')).toHaveAttribute('src', URL_PATH);
});

it('sends the API key if one is set', async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.get(`*${URL_PATH}`, ({ request }) => {
      keys.push(request.headers.get('Authorization'));
      return HttpResponse.arrayBuffer(new ArrayBuffer(8));
    }),
  );
  localStorage.setItem('deepsky-api-key', '"dsk_right"');
  renderInApp(<ServerImage src={URL_PATH} alt="M 51" />);
  await waitFor(() => {
    expect(screen.getByAltText('M 51')).toHaveAttribute('src', 'blob:image');
  });
  expect(keys).toEqual(['Bearer dsk_right']);
});

it('shows the fallback if loading fails, and retries on request', async () => {
  server.use(http.get(`*${URL_PATH}`, () => HttpResponse.error(), { once: true }));
  renderInApp(
    <ServerImage
      src={URL_PATH}
      alt="M 51"
      fallback={(retry) => <button onClick={retry}>Try again</button>}
    />,
  );
  fireEvent.error(screen.getByAltText('M 51'));
  const retry = await screen.findByRole('button', { name: 'Try again' });
  expect(screen.queryByAltText('M 51')).not.toBeInTheDocument();
  server.use(http.get(`*${URL_PATH}`, () => HttpResponse.arrayBuffer(new ArrayBuffer(8))));
  await userEvent.click(retry);
  expect(await screen.findByAltText('M 51')).toHaveAttribute('src', 'blob:image');
});

describe('with an overloaded server', () => {
  let requests = 0;
  const overload = (limit = Infinity) => {
    requests = 0;
    server.use(
      http.get(`*${URL_PATH}`, () => {
        requests += 1;
        if (requests > limit) return HttpResponse.arrayBuffer(new ArrayBuffer(8));
        return busy('0');
      }),
    );
    renderInApp(<ServerImage src={URL_PATH} alt="M 51" fallback={() => <p>Failed</p>} />);
    fireEvent.error(screen.getByAltText('M 51'));
  };

  it('retries after the time in the Retry-After header', async () => {
    overload(3);
    await waitFor(() => {
      expect(screen.getByAltText('M 51')).toHaveAttribute('src', 'blob:image');
    });
    expect(requests).toBe(4);
  });

  it('shows the fallback after the last retry', async () => {
    overload();
    expect(await screen.findByText('Failed')).toBeVisible();
    expect(requests).toBe(11);
  });
});
