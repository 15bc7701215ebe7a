import { previewUrl } from '@/components/answer/image-urls';
import classes from '@/components/answer/tile.module.css';
import { ServerImage } from '@/components/ui/server-image';

/** Shows a thumbnail of a classified image. The thumbnail is loaded when it scrolls into view. */
export const Thumbnail = ({ id }: { id: string }) => (
  <ServerImage
    src={previewUrl(id, window.devicePixelRatio > 1 ? 'medium' : 'small')}
    alt=""
    loading="lazy"
    decoding="async"
    className={classes.image}
  />
);
