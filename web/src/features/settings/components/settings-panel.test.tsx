import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';

import { KeyHint } from '@/components/ui/key-hint';
import { SettingsPanel } from '@/features/settings/components/settings-panel';
import { changeLanguage } from '@/lib/language';
import { model } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { MODELS, problem, server } from '@/testing/server';

const stored = (name: string): unknown =>
  JSON.parse(localStorage.getItem(`deepsky-${name}`) ?? 'null');

describe('the theme', () => {
  it.each([
    ['Light', 'light', 'light'],
    ['Dark', 'dark', 'dark'],
    ['Red', 'red', 'dark'],
  ])('%s is applied and stored', async (name, theme, scheme) => {
    renderInApp(<SettingsPanel />);
    await userEvent.click(screen.getByRole('radio', { name }));
    const { dataset } = document.documentElement;
    await waitFor(() => {
      expect(dataset).toMatchObject({ theme, mantineColorScheme: scheme });
    });
    expect(stored('theme')).toBe(theme);
  });

  it('follows the system if the stored value is invalid', () => {
    localStorage.setItem('deepsky-theme', '"green"');
    renderInApp(<SettingsPanel />);
    expect(screen.getByRole('radio', { name: 'System' })).toBeChecked();
  });
});

it('changes the language', async () => {
  renderInApp(<SettingsPanel />);
  await userEvent.selectOptions(screen.getByLabelText('Language'), 'Deutsch');
  expect(await screen.findByLabelText('Sprache')).toHaveValue('de');
  expect(document.documentElement.lang).toBe('de');
  expect(stored('language')).toBe('de');
  await changeLanguage('en');
});

it('disables keyboard shortcuts and hides their hints', async () => {
  renderInApp(
    <>
      <SettingsPanel />
      <KeyHint>Y</KeyHint>
    </>,
  );
  expect(screen.getByText('Y')).toBeVisible();
  await userEvent.click(screen.getByRole('switch', { name: /^Keyboard shortcuts/ }));
  expect(screen.queryByText('Y')).not.toBeInTheDocument();
  expect(stored('shortcuts')).toBe(false);
});

describe('the API key', () => {
  beforeEach(() => {
    server.use(
      http.get(MODELS, ({ request }) =>
        request.headers.get('Authorization') === 'Bearer dsk_right'
          ? HttpResponse.json([model])
          : problem(401, 'invalid_key', 'Unknown API key.'),
      ),
    );
  });

  const enter = async (key: string) => {
    renderInApp(<SettingsPanel />);
    await userEvent.type(screen.getByLabelText('API key'), `${key}{Enter}`);
  };

  it('is stored if the server accepts it, until it is removed', async () => {
    await enter(' dsk_right ');
    await userEvent.click(await screen.findByRole('button', { name: 'Remove key' }));
    expect(screen.getByLabelText('API key')).toHaveValue('');
    expect(stored('api-key')).toBeNull();
  });

  it('is not stored if the server rejects it', async () => {
    await enter('dsk_wrong');
    expect(await screen.findByText(/API key is unknown/)).toBeVisible();
    expect(stored('api-key')).toBeNull();
  });
});
