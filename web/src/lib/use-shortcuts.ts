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
