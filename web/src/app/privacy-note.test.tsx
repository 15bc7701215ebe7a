import { screen } from '@testing-library/react';
import { delay, http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { PrivacyNote } from '@/app/privacy-note';
import type { ServerSettings } from '@/lib/server-settings';
import { createSettings } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { server, SETTINGS } from '@/testing/server';

const renderNote = (settings: Partial<ServerSettings>) => {
  server.use(http.get(SETTINGS, () => HttpResponse.json(createSettings(settings))));
  renderInApp(<PrivacyNote />);
};

it('says that images are kept until they are deleted', async () => {
  renderNote({});
  expect(
    await screen.findByText(/^Your images .* unless you share them\. They are kept until you/),
  ).toBeVisible();
});

it('states the retention', async () => {
  renderNote({ retention_days: 30 });
  expect(await screen.findByText(/They are deleted after 30 days, or earlier/)).toBeVisible();
  expect(screen.queryByText(/kept until/)).not.toBeInTheDocument();
});

it.each([{ client: 'key' }, { access: 'keys' }] as const)(
  'says who else sees the images with %o',
  async (settings) => {
    renderNote(settings);
    expect(await screen.findByText(/Everybody who uses your API key can see/)).toBeVisible();
    expect(screen.queryByText(/cannot see them/)).not.toBeInTheDocument();
  },
);

it('claims nothing before the settings are known', () => {
  server.use(http.get(SETTINGS, () => delay('infinite')));
  renderInApp(<PrivacyNote />);
  expect(screen.getByText('Your images are sent only to this deepsky server.')).toBeVisible();
});
