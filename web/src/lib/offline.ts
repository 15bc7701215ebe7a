/**
 * The answers that the service worker keeps in the browser, to show them without a connection to the
 * server; see worker/service-worker.ts.
 */
import { useSyncExternalStore } from 'react';

import { basePath } from '@/lib/base-path';
import { answersCache, OFFLINE_HEADER } from '@/lib/offline-cache';

let isOffline = false;
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

/** Notes whether a response of the API comes from the browser's cache. */
export const noteSource = ({ headers }: Response): void => {
  const isKept = headers.has(OFFLINE_HEADER);
  if (isKept === isOffline) return;
  isOffline = isKept;
  for (const listener of listeners) listener();
};

/** Whether the page shows kept answers because the server does not respond. */
export const useOffline = (): boolean => useSyncExternalStore(subscribe, () => isOffline);

/** Deletes the kept answers, with their images. */
export const forgetKeptAnswers = async (): Promise<void> => {
  if (!('caches' in window)) return; // only in secure contexts
  await caches.delete(answersCache(new URL(basePath, window.location.origin).href));
};
