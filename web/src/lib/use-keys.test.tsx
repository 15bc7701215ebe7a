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

it.each(['y', 'Y'])('does what the key %s is for', async (key) => {
  await userEvent.keyboard(key);
  expect(onYes).toHaveBeenCalledOnce();
});

it('keeps out of what is being written', async () => {
  await userEvent.type(screen.getByRole('textbox'), 'why');
  expect(screen.getByRole('textbox')).toHaveValue('why');
  expect(onYes).not.toHaveBeenCalled();
});

it('leaves arrows, but not letters, to what arrows move', async () => {
  screen.getByRole('radio').focus();
  await userEvent.keyboard('{ArrowRight}y');
  expect(onNext).not.toHaveBeenCalled();
  expect(onYes).toHaveBeenCalledOnce();
});

it("keeps out of the browser's own keys", async () => {
  await userEvent.keyboard('{Control>}y{/Control}');
  expect(onYes).not.toHaveBeenCalled();
});

it('does nothing where single keys are turned off', async () => {
  localStorage.setItem('deepsky-shortcuts', 'false');
  cleanup();
  render(<Page />);
  await userEvent.keyboard('y');
  expect(onYes).not.toHaveBeenCalled();
});
