import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { ServerImage } from '@/components/ui/server-image';
import { renderInApp } from '@/testing/render';
import { server } from '@/testing/server';

const ADDRESS = '/api/v1/classifications/a1/image';

it('uses a plain img element without an API key', () => {
  renderInApp(<ServerImage src={ADDRESS} alt="M 51" />);
  expect(screen.getByAltText('M 51')).toHaveAttribute('src', ADDRESS);
});

it('sends the API key if there is one', async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.get(`*${ADDRESS}`, ({ request }) => {
      keys.push(request.headers.get('Authorization'));
      return HttpResponse.arrayBuffer(new ArrayBuffer(8));
    }),
  );
  localStorage.setItem('deepsky-api-key', '"dsk_right"');
  renderInApp(<ServerImage src={ADDRESS} alt="M 51" />);
  await waitFor(() => {
    expect(screen.getByAltText('M 51')).toHaveAttribute('src', 'blob:image');
  });
  expect(keys).toEqual(['Bearer dsk_right']);
});

it('shows the fallback if loading fails, and can retry', async () => {
  server.use(http.get(`*${ADDRESS}`, () => HttpResponse.error(), { once: true }));
  renderInApp(
    <ServerImage
      src={ADDRESS}
      alt="M 51"
      fallback={(retry) => <button onClick={retry}>Try again</button>}
    />,
  );
  fireEvent.error(screen.getByAltText('M 51'));
  const retry = await screen.findByRole('button', { name: 'Try again' });
  expect(screen.queryByAltText('M 51')).not.toBeInTheDocument();
  server.use(http.get(`*${ADDRESS}`, () => HttpResponse.arrayBuffer(new ArrayBuffer(8))));
  await userEvent.click(retry);
  expect(await screen.findByAltText('M 51')).toHaveAttribute('src', 'blob:image');
});
