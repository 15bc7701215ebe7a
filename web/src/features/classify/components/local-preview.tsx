import { useCallback, useState } from 'react';

import classes from '@/features/classify/components/picture-view.module.css';
import { isSample, type Source } from '@/features/classify/picture';
import { messages } from '@/lib/messages';

/** The picture straight from this machine, where the browser knows its format. */
export const LocalPreview = ({ source }: { source: Source }) => {
  const [unknown, setUnknown] = useState(false);

  const show = useCallback(
    (image: HTMLImageElement) => {
      const address = isSample(source) ? source.address : URL.createObjectURL(source);
      image.src = address;
      return () => {
        URL.revokeObjectURL(address);
      };
    },
    [source],
  );

  if (unknown) return <p>{messages.noPreview}</p>;
  return (
    <img
      ref={show}
      alt=""
      className={classes.layer}
      onError={() => {
        setUnknown(true);
      }}
    />
  );
};
