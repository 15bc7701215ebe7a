import { type ReactNode, useCallback, useState } from 'react';

import { isSample, type Source } from '@/features/classify/image';

interface Props {
  source: Source;
  className: string | undefined;
  /** What to show where the browser does not know the format. */
  otherwise: ReactNode;
}

/** An image straight from this machine. */
export const LocalImage = ({ source, className, otherwise }: Props) => {
  const [unknown, setUnknown] = useState(false);

  const show = useCallback(
    (image: HTMLImageElement) => {
      const address = isSample(source) ? source.address : URL.createObjectURL(source);
      image.src = address;
      return () => {
        if (!isSample(source)) URL.revokeObjectURL(address);
      };
    },
    [source],
  );

  if (unknown) return otherwise;
  return (
    <img
      ref={show}
      alt=""
      decoding="async"
      className={className}
      onError={() => {
        setUnknown(true);
      }}
    />
  );
};
