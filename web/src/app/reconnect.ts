import { type Query, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';

import { ApiError } from '@/lib/api-client';
import { serverPath } from '@/lib/base-path';
import { useOffline } from '@/lib/offline';

const RETRY_INTERVAL_MS = 3_000;

/** Returns whether the server responds and is ready. */
export const isServerReady = (): Promise<boolean> =>
  fetch(serverPath('api/v1/health')).then(
    ({ ok }) => ok,
    () => false,
  );

const hasFailedToConnect = ({ state: { error } }: Query): boolean =>
  error instanceof ApiError && error.isUnreachable;

/**
 * Refetches the queries that could not reach the server as soon as the server responds again, and
 * those that the browser has answered itself.
 */
export const useReconnect = (): void => {
  const queryClient = useQueryClient();
  const cache = queryClient.getQueryCache();
  const isUnreachable = useSyncExternalStore(
    (onChange) => cache.subscribe(onChange),
    () => cache.getAll().some(hasFailedToConnect),
  );
  const isOffline = useOffline();

  useEffect(() => {
    if (!isUnreachable && !isOffline) return;
    const timer = setInterval(() => {
      void isServerReady().then((isReady) => {
        if (!isReady) return;
        void queryClient.refetchQueries(
          isOffline ? { type: 'active' } : { predicate: hasFailedToConnect },
        );
      });
    }, RETRY_INTERVAL_MS);
    return () => {
      clearInterval(timer);
    };
  }, [isUnreachable, isOffline, queryClient]);
};
