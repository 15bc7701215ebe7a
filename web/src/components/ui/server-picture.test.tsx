import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { ServerPicture } from '@/components/ui/server-picture';
import { renderInApp } from '@/testing/render';
import { server } from '@/testing/server';

const ADDRESS = '/api/v1/classifications/a1/image';

it('leaves the picture to the browser where no key is needed', () => {
  renderInApp(<ServerPicture src={ADDRESS} alt="M 51" />);
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
  renderInApp(<ServerPicture src={ADDRESS} alt="M 51" />);
  await waitFor(() => {
    expect(screen.getByAltText('M 51')).toHaveAttribute('src', 'blob:picture');
  });
  expect(shown).toEqual(['Bearer dsk_right']);
});
