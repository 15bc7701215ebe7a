import { useWindowEvent } from '@mantine/hooks';

import { useShortcuts } from '@/lib/use-shortcuts';

const TEXT_INPUTS = 'textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])';
const ARROW_INPUTS = 'input, [role=slider], [role=radio]';

/**
 * Registers handlers for single keys, such as `y`, `1` or `ArrowLeft`.
 *
 * Keys are ignored in text fields, in open dialogs and with Ctrl, Alt or Meta. Arrow keys are also
 * ignored in sliders and radio buttons. The user can disable all shortcuts.
 */
export const useKeys = (keys: Record<string, () => void>): void => {
  const [isOn] = useShortcuts();
  useWindowEvent('keydown', (event) => {
    if (!isOn) return;
    const handler = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (handler === undefined || event.defaultPrevented || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector('[role=dialog]') !== null || isHandledByTarget(event)) return;
    event.preventDefault();
    handler();
  });
};

const isHandledByTarget = ({ key, target }: KeyboardEvent): boolean => {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(key.startsWith('Arrow') ? `${TEXT_INPUTS}, ${ARROW_INPUTS}` : TEXT_INPUTS) !==
    null
  );
};
