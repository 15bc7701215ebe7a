import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { ServerImage } from '@/components/ui/server-image';
import { renderInApp } from '@/testing/render';
import { server } from '@/testing/server';

const ADDRESS = '/api/v1/classifications/a1/image';

it('leaves the image to the browser where no key is needed', () => {
  renderInApp(<ServerImage src={ADDRESS} alt="M 51" />);
  expect(screen.getByAltText('M 51')).toHaveAttribute('src', ADDRESS);
});

it('fetches it with the key where there is one', async () => {
  const shown: (string | null)[] = [];
  server.use(
    http.get(`*${ADDRESS}`, ({ request }) => {
      shown.push(request.headers.get('Authorization'));
      return HttpResponse.arrayBuffer(new ArrayBuffer(8));
    }),
  );
  localStorage.setItem('deepsky-api-key', '"dsk_right"');
  renderInApp(<ServerImage src={ADDRESS} alt="M 51" />);
  await waitFor(() => {
    expect(screen.getByAltText('M 51')).toHaveAttribute('src', 'blob:image');
  });
  expect(shown).toEqual(['Bearer dsk_right']);
});

it('is told of where it cannot be loaded, and fetched again on demand', async () => {
  server.use(http.get(`*${ADDRESS}`, () => HttpResponse.error(), { once: true }));
  renderInApp(
    <ServerImage
      src={ADDRESS}
      alt="M 51"
      otherwise={(retry) => <button onClick={retry}>Try again</button>}
    />,
  );
  fireEvent.error(screen.getByAltText('M 51'));
  const retry = await screen.findByRole('button', { name: 'Try again' });
  expect(screen.queryByAltText('M 51')).not.toBeInTheDocument();
  server.use(http.get(`*${ADDRESS}`, () => HttpResponse.arrayBuffer(new ArrayBuffer(8))));
  await userEvent.click(retry);
  expect(await screen.findByAltText('M 51')).toHaveAttribute('src', 'blob:image');
});
