import { useQuery } from '@tanstack/react-query';
import { type ComponentPropsWithoutRef, useCallback } from 'react';

import { type ApiError, failure, reach } from '@/lib/api-client';
import { authorization, useApiKey } from '@/lib/api-key';

const MINUTE = 60_000;

interface Props extends ComponentPropsWithoutRef<'img'> {
  src: string;
  alt: string;
}

/** A picture that the API keeps, shown to whom it belongs. */
export const ServerPicture = (props: Props) => {
  const { key } = useApiKey();
  return key ? <KeyedPicture {...props} /> : <img {...props} />;
};

/** Fetched by the page, because browsers send no key with the pictures that they fetch. */
const KeyedPicture = ({ src, ...shown }: Props) => {
  const { data } = useQuery<Blob, ApiError>({
    queryKey: ['server-picture', src],
    queryFn: ({ signal }) => fetchPicture(src, signal),
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
  return <img ref={show} {...shown} />;
};

const fetchPicture = async (address: string, signal: AbortSignal): Promise<Blob> => {
  const response = await reach(fetch(address, { headers: authorization(), signal }));
  if (!response.ok) throw failure('unexpected');
  return reach(response.blob());
};
