import { useQuery } from '@tanstack/react-query';
import { type ComponentPropsWithoutRef, type ReactNode, useCallback, useState } from 'react';

import { type ApiError, failure, reach } from '@/lib/api-client';
import { authorization, useApiKey } from '@/lib/api-key';

const MINUTE = 60_000;

interface Props extends ComponentPropsWithoutRef<'img'> {
  src: string;
  alt: string;
  /** Shown if the image cannot be loaded. */
  fallback?: ((retry: () => void) => ReactNode) | undefined;
}

/** An image from the API, which only its owner may read. */
export const ServerImage = ({ fallback, ...props }: Props) => {
  const { key } = useApiKey();
  const [hasFailed, setHasFailed] = useState(false);
  if (key || hasFailed) return <FetchedImage {...props} fallback={fallback} />;
  return (
    <img
      {...props}
      onError={() => {
        setHasFailed(true);
      }}
    />
  );
};

/** Loads the image with `fetch`, as an `<img>` sends no API key and does not retry. */
const FetchedImage = ({ src, fallback, ...props }: Props) => {
  const { data, isError, refetch } = useQuery<Blob, ApiError>({
    queryKey: ['server-image', src],
    queryFn: ({ signal }) => fetchImage(src, signal),
    gcTime: MINUTE,
  });
  const show = useCallback(
    (image: HTMLImageElement) => {
      if (data === undefined) return;
      const address = URL.createObjectURL(data);
      image.src = address;
      return () => {
        image.removeAttribute('src');
        URL.revokeObjectURL(address);
      };
    },
    [data],
  );
  if (isError && fallback) return fallback(() => void refetch());
  return <img ref={show} {...props} />;
};

const fetchImage = async (address: string, signal: AbortSignal): Promise<Blob> => {
  const response = await reach(fetch(address, { headers: authorization(), signal }));
  if (!response.ok) throw failure('unexpected');
  return reach(response.blob());
};
