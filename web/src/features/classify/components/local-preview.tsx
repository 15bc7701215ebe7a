import { useCallback, useState } from 'react';

import classes from '@/components/answer/picture-stage.module.css';
import { isSample, type Source } from '@/features/classify/picture';

interface Props {
  source: Source;
  otherwise: string;
}

/** The picture straight from this machine, or a text where the browser does not know its format. */
export const LocalPreview = ({ source, otherwise }: Props) => {
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

  if (unknown) return <p>{otherwise}</p>;
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
