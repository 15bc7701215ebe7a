import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

import { useKeys } from '@/lib/use-keys';

const onYes = vi.fn();
const onNext = vi.fn();

const Page = () => {
  useKeys({ y: onYes, ArrowRight: onNext });
  return (
    <>
      <textarea />
      <input type="radio" />
    </>
  );
};

beforeEach(() => {
  vi.clearAllMocks();
  render(<Page />);
});

it.each(['y', 'Y'])('calls the handler for the key %s', async (key) => {
  await userEvent.keyboard(key);
  expect(onYes).toHaveBeenCalledOnce();
});

it('ignores keys in text fields', async () => {
  await userEvent.type(screen.getByRole('textbox'), 'why');
  expect(screen.getByRole('textbox')).toHaveValue('why');
  expect(onYes).not.toHaveBeenCalled();
});

it('ignores arrows, but not letters, in radio buttons', async () => {
  screen.getByRole('radio').focus();
  await userEvent.keyboard('{ArrowRight}y');
  expect(onNext).not.toHaveBeenCalled();
  expect(onYes).toHaveBeenCalledOnce();
});

it('ignores keys with Ctrl', async () => {
  await userEvent.keyboard('{Control>}y{/Control}');
  expect(onYes).not.toHaveBeenCalled();
});

it('ignores all keys if shortcuts are off', async () => {
  localStorage.setItem('deepsky-shortcuts', 'false');
  cleanup();
  render(<Page />);
  await userEvent.keyboard('y');
  expect(onYes).not.toHaveBeenCalled();
});
