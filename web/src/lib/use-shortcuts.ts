import { useLocalStorage } from '@mantine/hooks';

/**
 * Whether single keys do something.
 *
 * Who speaks to the computer, or presses keys by accident, has to be able to turn that off
 * (WCAG 2.1.4).
 */
export const useShortcuts = () =>
  useLocalStorage({
    key: 'deepsky-shortcuts',
    defaultValue: true,
    getInitialValueInEffect: false,
  });

/** Gives the attributes that tell of a key, for as long as it does something. */
export const useShortcutOf = () => {
  const [isOn] = useShortcuts();
  return (key: string) => (isOn ? { 'aria-keyshortcuts': key } : {});
};
