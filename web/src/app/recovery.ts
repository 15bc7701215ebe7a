import { type Query, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';

import { ApiError } from '@/lib/api-client';

const PAUSE_MS = 3_000;

/** Whether the server can be reached and is ready. */
export const isServerReady = (): Promise<boolean> =>
  fetch('/api/v1/health').then(
    ({ ok }) => ok,
    () => false,
  );

const isStranded = ({ state: { error } }: Query): boolean =>
  error instanceof ApiError && error.isUnreachable;

/** Has what the server did not answer asked again, as soon as it is back. */
export const useRecovery = (): void => {
  const queryClient = useQueryClient();
  const cache = queryClient.getQueryCache();
  const isAway = useSyncExternalStore(
    (onChange) => cache.subscribe(onChange),
    () => cache.getAll().some(isStranded),
  );

  useEffect(() => {
    if (!isAway) return;
    const timer = setInterval(() => {
      void isServerReady().then((isReady) => {
        if (isReady) void queryClient.refetchQueries({ predicate: isStranded });
      });
    }, PAUSE_MS);
    return () => {
      clearInterval(timer);
    };
  }, [isAway, queryClient]);
};
