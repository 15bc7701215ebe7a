import { useWindowEvent } from '@mantine/hooks';

import { useShortcuts } from '@/lib/use-shortcuts';

const WRITING = 'textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])';
const STEPPING = 'input, [role=slider], [role=radio]';

/**
 * Does something at the press of a single key, such as `y`, `1` or `ArrowLeft`.
 *
 * Keys that are meant for something else are left alone: text that is being written, arrows that
 * move a slider, a dialog that is open, and everything with Ctrl, Alt or Meta. All are, where the
 * user turned such keys off.
 */
export const useKeys = (keys: Record<string, () => void>): void => {
  const [isOn] = useShortcuts();
  useWindowEvent('keydown', (event) => {
    if (!isOn) return;
    const press = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (press === undefined || event.defaultPrevented || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector('[role=dialog]') !== null || isTaken(event)) return;
    event.preventDefault();
    press();
  });
};

const isTaken = ({ key, target }: KeyboardEvent): boolean => {
  if (!(target instanceof Element)) return false;
  return target.closest(key.startsWith('Arrow') ? `${WRITING}, ${STEPPING}` : WRITING) !== null;
};
