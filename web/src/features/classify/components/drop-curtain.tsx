import classes from '@/features/classify/components/drop-curtain.module.css';
import { messages } from '@/lib/messages';

/** Covers the page while an image is held over it. */
export const DropCurtain = ({ shown }: { shown: boolean }) =>
  shown && <div className={classes.curtain}>{messages.drop.release}</div>;
