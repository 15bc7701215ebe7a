import classes from '@/components/ui/key-hint.module.css';
import { useShortcuts } from '@/lib/use-shortcuts';

/** Shows a button's keyboard shortcut; hidden on touch screens and if shortcuts are disabled. */
export const KeyHint = ({ children }: { children: string }) => {
  const [isOn] = useShortcuts();
  if (!isOn) return null;
  return (
    <kbd className={classes.key} aria-hidden>
      {children}
    </kbd>
  );
};
