import { useQuery } from '@tanstack/react-query';
import { type ComponentPropsWithoutRef, type ReactNode, useCallback, useState } from 'react';

import { type ApiError, failure, reach } from '@/lib/api-client';
import { authorization, useApiKey } from '@/lib/api-key';

const MINUTE = 60_000;

interface Props extends ComponentPropsWithoutRef<'img'> {
  src: string;
  alt: string;
  /** What to show where it cannot be fetched. */
  otherwise?: ((retry: () => void) => ReactNode) | undefined;
}

/** An image that the API keeps, shown to whom it belongs. */
export const ServerImage = ({ otherwise, ...shown }: Props) => {
  const { key } = useApiKey();
  const [hasFailed, setHasFailed] = useState(false);
  if (key || hasFailed) return <FetchedImage {...shown} otherwise={otherwise} />;
  return (
    <img
      {...shown}
      onError={() => {
        setHasFailed(true);
      }}
    />
  );
};

/**
 * Fetched by the page, because browsers send no key with the images that they fetch, nor fetch
 * again what did not come.
 */
const FetchedImage = ({ src, otherwise, ...shown }: Props) => {
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
  if (isError && otherwise) return otherwise(() => void refetch());
  return <img ref={show} {...shown} />;
};

const fetchImage = async (address: string, signal: AbortSignal): Promise<Blob> => {
  const response = await reach(fetch(address, { headers: authorization(), signal }));
  if (!response.ok) throw failure('unexpected');
  return reach(response.blob());
};
