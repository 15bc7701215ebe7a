import { useLocalStorage } from '@mantine/hooks';

/** Whether single-key shortcuts are enabled; users must be able to disable them (WCAG 2.1.4). */
export const useShortcuts = () =>
  useLocalStorage({
    key: 'deepsky-shortcuts',
    defaultValue: true,
    getInitialValueInEffect: false,
  });

/**
 * Returns a function that maps a key to ARIA attributes, or to no attributes if shortcuts are off.
 */
export const useShortcutAttributes = () => {
  const [isOn] = useShortcuts();
  return (key: string) => (isOn ? { 'aria-keyshortcuts': key } : {});
};
