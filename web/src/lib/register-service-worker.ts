import { serverPath } from '@/lib/base-path';

/** Registers the service worker of the built page; see worker/service-worker.ts. */
export const registerServiceWorker = (): void => {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // Without it, the page works as long as the server responds.
  navigator.serviceWorker
    .register(serverPath('service-worker.js'), { updateViaCache: 'none' })
    .catch(() => undefined);
};
