import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { KeyHint } from '@/components/ui/key-hint';
import { SettingsPanel } from '@/features/settings/components/settings-panel';
import { chooseLanguage } from '@/lib/language';
import { model } from '@/testing/answers';
import { renderInApp } from '@/testing/render';
import { MODELS, problem, server } from '@/testing/server';

vi.mock(import('@/lib/language'), async (original) => ({
  ...(await original()),
  chooseLanguage: vi.fn(), // jsdom cannot load a page again
}));

const kept = (name: string): unknown => JSON.parse(localStorage.getItem(`deepsky-${name}`) ?? 'null');

describe('the theme', () => {
  it.each([
    ['Light', 'light', 'light'],
    ['Dark', 'dark', 'dark'],
    ['Red', 'red', 'dark'],
  ])('%s is put on and kept', async (name, theme, scheme) => {
    renderInApp(<SettingsPanel />);
    await userEvent.click(screen.getByRole('radio', { name }));
    const { dataset } = document.documentElement;
    await waitFor(() => {
      expect(dataset).toMatchObject({ theme, mantineColorScheme: scheme });
    });
    expect(kept('theme')).toBe(theme);
  });

  it('is that of the device where what was kept is none', () => {
    localStorage.setItem('deepsky-theme', '"green"');
    renderInApp(<SettingsPanel />);
    expect(screen.getByRole('radio', { name: 'As this device' })).toBeChecked();
  });
});

it('has another language chosen', async () => {
  renderInApp(<SettingsPanel />);
  await userEvent.selectOptions(screen.getByLabelText('Language'), 'Deutsch');
  expect(chooseLanguage).toHaveBeenCalledExactlyOnceWith('de');
  expect(screen.getByLabelText('Language')).toHaveAccessibleDescription(/gone .* under “History”/);
});

it('turns single keys off, and what names them', async () => {
  renderInApp(
    <>
      <SettingsPanel />
      <KeyHint>Y</KeyHint>
    </>,
  );
  expect(screen.getByText('Y')).toBeVisible();
  await userEvent.click(screen.getByRole('switch', { name: /^Single keys/ }));
  expect(screen.queryByText('Y')).not.toBeInTheDocument();
  expect(kept('shortcuts')).toBe(false);
});

describe('the API key', () => {
  beforeEach(() => {
    server.use(
      http.get(MODELS, ({ request }) =>
        request.headers.get('Authorization') === 'Bearer dsk_right'
          ? HttpResponse.json([model])
          : problem(401, 'invalid_key', 'There is no such API key.'),
      ),
    );
  });

  const enter = async (key: string) => {
    renderInApp(<SettingsPanel />);
    await userEvent.type(screen.getByLabelText('API key'), `${key}{Enter}`);
  };

  it('is kept where the server knows it, until it is removed', async () => {
    await enter(' dsk_right ');
    await userEvent.click(await screen.findByRole('button', { name: 'Remove the key' }));
    expect(screen.getByLabelText('API key')).toHaveValue('');
    expect(kept('api-key')).toBeNull();
  });

  it('is not kept where the server does not know it', async () => {
    await enter('dsk_wrong');
    expect(await screen.findByText(/does not know this API key/)).toBeVisible();
    expect(kept('api-key')).toBeNull();
  });
});
