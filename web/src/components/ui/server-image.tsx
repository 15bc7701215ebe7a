import { useQuery } from '@tanstack/react-query';
import { type ComponentPropsWithoutRef, type ReactNode, useCallback, useState } from 'react';

import type { ApiError } from '@/lib/api-client';
import { useApiKey } from '@/lib/api-key';
import { fetchImage } from '@/lib/fetch-image';

const MINUTE = 60_000;

interface Props extends ComponentPropsWithoutRef<'img'> {
  src: string;
  alt: string;
  /** The content that is shown if the image cannot be loaded. */
  fallback?: ((retry: () => void) => ReactNode) | undefined;
}

/** Shows an image from the API. The API key is sent if one is set. */
export const ServerImage = ({ fallback, alt, ...props }: Props) => {
  const { key } = useApiKey();
  const [hasFailed, setHasFailed] = useState(false);
  if (key || hasFailed) return <FetchedImage {...props} alt={alt} fallback={fallback} />;
  return (
    <img
      {...props}
      alt={alt}
      onError={() => {
        setHasFailed(true);
      }}
    />
  );
};

/** Loads the image with `fetch`, because an `<img>` element cannot send an API key or retry. */
const FetchedImage = ({ src, alt, fallback, ...props }: Props) => {
  const { data, isError, refetch } = useQuery<Blob, ApiError>({
    queryKey: ['server-image', src],
    queryFn: ({ signal }) => fetchImage(src, signal),
    gcTime: MINUTE,
  });
  const show = useCallback(
    (image: HTMLImageElement) => {
      if (data === undefined) return;
      const url = URL.createObjectURL(data);
      image.src = url;
      return () => {
        image.removeAttribute('src');
        URL.revokeObjectURL(url);
      };
    },
    [data],
  );
  if (isError && fallback) return fallback(() => void refetch());
  return <img ref={show} alt={alt} {...props} />;
};
