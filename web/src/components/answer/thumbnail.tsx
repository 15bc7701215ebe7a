import { previewAddress } from '@/components/answer/image-addresses';
import classes from '@/components/answer/tile.module.css';
import { ServerImage } from '@/components/ui/server-image';

/** The thumbnail of an answer's image, loaded when it scrolls into view. */
export const Thumbnail = ({ id }: { id: string }) => (
  <ServerImage
    src={previewAddress(id, window.devicePixelRatio > 1 ? 'medium' : 'small')}
    alt=""
    loading="lazy"
    decoding="async"
    className={classes.image}
  />
);
