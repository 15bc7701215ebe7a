import classes from '@/components/ui/key-hint.module.css';
import { useShortcuts } from '@/lib/use-shortcuts';

/** Names the key that does the same; unseen where there is no keyboard, or single keys do nothing. */
export const KeyHint = ({ children }: { children: string }) => {
  const [isOn] = useShortcuts();
  if (!isOn) return null;
  return (
    <kbd className={classes.key} aria-hidden>
      {children}
    </kbd>
  );
};
