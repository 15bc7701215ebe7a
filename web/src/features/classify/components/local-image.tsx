import { type ReactNode, useCallback, useState } from 'react';

import { type ImageSource, isSample } from '@/features/classify/queued-image';

interface Props {
  source: ImageSource;
  className: string | undefined;
  /** The content that is shown if the browser does not support the format. */
  fallback: ReactNode;
}

/** Shows an image from this device, or a sample image. */
export const LocalImage = ({ source, className, fallback }: Props) => {
  const [isUnsupported, setIsUnsupported] = useState(false);

  const show = useCallback(
    (image: HTMLImageElement) => {
      const url = isSample(source) ? source.url : URL.createObjectURL(source);
      image.src = url;
      return () => {
        if (!isSample(source)) URL.revokeObjectURL(url);
      };
    },
    [source],
  );

  if (isUnsupported) return fallback;
  return (
    <img
      ref={show}
      alt=""
      decoding="async"
      className={className}
      onError={() => {
        setIsUnsupported(true);
      }}
    />
  );
};
