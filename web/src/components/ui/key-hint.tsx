import classes from '@/components/ui/key-hint.module.css';

/** Names the key that does the same; unseen where there is no keyboard. */
export const KeyHint = ({ children }: { children: string }) => (
  <kbd className={classes.key} aria-hidden>
    {children}
  </kbd>
);
