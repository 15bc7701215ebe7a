import classes from '@/components/ui/key-hint.module.css';
import { useShortcuts } from '@/lib/use-shortcuts';

/**
 * Shows the keyboard shortcut for a button, except on touch screens or if shortcuts are disabled.
 */
export const KeyHint = ({ children }: { children: string }) => {
  const [isOn] = useShortcuts();
  if (!isOn) return null;
  return (
    <kbd className={classes.key} aria-hidden>
      {children}
    </kbd>
  );
};
