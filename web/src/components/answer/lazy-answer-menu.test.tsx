import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import { LazyAnswerMenu } from '@/components/answer/lazy-answer-menu';
import { createAnswer } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';

const loading = vi.hoisted((): { finish?: () => void } => ({}));

vi.mock('@/components/answer/answer-menu', async (importOriginal) => {
  await new Promise<void>((resolve) => {
    loading.finish = resolve;
  });
  return importOriginal();
});

it('opens after its code is loaded if the button was clicked before', async () => {
  renderInApp(
    <LazyAnswerMenu
      name="m31.jpg"
      answer={createAnswer()}
      drawn={{ evidence: undefined, areObjectsShown: false, found: undefined }}
      onSearch={undefined}
      onShowObjects={undefined}
      actions={undefined}
    />,
  );
  await userEvent.click(screen.getByRole('button', { name: 'More' }));
  expect(screen.queryByRole('menuitem', { hidden: true })).not.toBeInTheDocument();
  loading.finish?.();
  const items = await screen.findAllByRole('menuitem', { hidden: true });
  expect(items[0]).toBeInTheDocument();
  const button = screen.getByRole('button', { name: 'More', expanded: true });
  await userEvent.keyboard('{Escape}');
  expect(await screen.findByRole('button', { name: 'More', expanded: false })).toBe(button);
  expect(button).toHaveFocus();
});
