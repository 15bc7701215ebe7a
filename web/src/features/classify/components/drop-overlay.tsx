import classes from '@/features/classify/components/drop-overlay.module.css';
import { useMessages } from '@/lib/messages';

/** Covers the page while files are dragged over it. */
export const DropOverlay = ({ shown }: { shown: boolean }) => {
  const messages = useMessages();
  return shown && <div className={classes.overlay}>{messages.drop.release}</div>;
};
