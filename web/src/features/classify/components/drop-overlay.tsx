import classes from '@/features/classify/components/drop-overlay.module.css';
import { messages } from '@/lib/messages';

/** Covers the page while files are dragged over it. */
export const DropOverlay = ({ shown }: { shown: boolean }) =>
  shown && <div className={classes.overlay}>{messages.drop.release}</div>;
