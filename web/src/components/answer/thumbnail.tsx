import { previewAddress } from '@/components/answer/picture-addresses';
import classes from '@/components/answer/tile.module.css';
import { ServerPicture } from '@/components/ui/server-picture';

/** The picture of an answer, small, and fetched when it comes into sight. */
export const Thumbnail = ({ id }: { id: string }) => (
  <ServerPicture
    src={previewAddress(id, window.devicePixelRatio > 1 ? 'medium' : 'small')}
    alt=""
    loading="lazy"
    decoding="async"
    className={classes.picture}
  />
);
