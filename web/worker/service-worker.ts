/**
 * The service worker of the page. While the server responds, everything that can change comes from
 * the server. Without a connection, the page and the answers that were seen last come from caches.
 *
 * Answers are kept only if the session continues after the browser is closed, so that the next
 * person at a shared machine does not find them.
 */
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { NetworkFirst, NetworkOnly } from 'workbox-strategies';

import type { components } from '@/api/schema';
import { answersCache, OFFLINE_HEADER } from '@/lib/offline-cache';

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: Parameters<typeof precache>[0];
};

/** The time after which the page is shown from the cache, in seconds. */
const TIMEOUT = 4;

const MAX_ENTRIES = 300;
const MAX_BYTES = 1_000_000;

const SCOPE = self.registration.scope;
const ANSWERS = answersCache(SCOPE);
const SESSION = `${SCOPE}api/v1/session`;

/** The addresses of the page, as in `src/app/router.tsx`. The same site may have other pages. */
const PAGES = /^(?:answers\/[^/]+|history|review|models|learn(?:\/[^/]+)?|shared\/[^/]+)?$/;
/** The document of a page, as in plugins/shell.ts. */
const documentOf = (path: string): string => {
  const page = path.replace(/^(answers|shared)\/.*/, '$1').replace('/', '-');
  return `${page || 'index'}.html`;
};
const KEPT = /^api\/v1\/(?:session|classifications(?:\/counts|\/[0-9a-f]{32}(?:\/image)?)?)$/;

const pathOf = ({ href, search }: URL): string | undefined =>
  href.startsWith(SCOPE)
    ? href.slice(SCOPE.length, href.length - search.length || undefined)
    : undefined;

void self.skipWaiting();
clientsClaim();
cleanupOutdatedCaches();
precache(self.__WB_MANIFEST);

// The names of assets contain a hash of their content.
registerRoute(
  ({ url }) => pathOf(url)?.startsWith('assets/') === true,
  async ({ request }) => (await matchPrecache(request)) ?? fetch(request),
);

registerRoute(
  ({ request, url }) => request.mode === 'navigate' && PAGES.test(pathOf(url) ?? '-'),
  new NetworkOnly({
    networkTimeoutSeconds: TIMEOUT,
    plugins: [
      {
        handlerDidError: async ({ request }) =>
          (await matchPrecache(documentOf(pathOf(new URL(request.url)) ?? ''))) ??
          matchPrecache('other.html'),
      },
    ],
  }),
);

// The other files of the page, such as start.js.
registerRoute(
  ({ request, url }) => request.mode !== 'navigate' && /^[\w-]+\.\w+$/.test(pathOf(url) ?? ''),
  new NetworkOnly({ plugins: [{ handlerDidError: ({ request }) => matchPrecache(request) }] }),
);

registerRoute(
  ({ url }) => KEPT.test(pathOf(url) ?? ''),
  new NetworkFirst({
    cacheName: ANSWERS,
    matchOptions: { ignoreVary: true },
    plugins: [
      {
        fetchDidSucceed: async ({ request, response }) => {
          if ([401, 403].includes(response.status)) await caches.delete(ANSWERS);
          if (response.status === 404) await (await caches.open(ANSWERS)).delete(request);
          return response;
        },
        cacheWillUpdate: async ({ request, response }) =>
          response.status === 200 &&
          (await response.clone().blob()).size <= MAX_BYTES &&
          (await mayKeep(request, response))
            ? response
            : null,
        cacheDidUpdate: async () => {
          const cache = await caches.open(ANSWERS);
          const oldest = (await cache.keys()).slice(0, -MAX_ENTRIES);
          await Promise.all(oldest.map((request) => cache.delete(request)));
        },
        cachedResponseWillBeUsed: ({ cachedResponse }) =>
          Promise.resolve(cachedResponse && markOffline(cachedResponse)),
      },
    ],
  }),
);

const markOffline = ({ body, status, headers }: Response): Response => {
  const marked = new Headers(headers);
  marked.set(OFFLINE_HEADER, '1');
  return new Response(body, { status, headers: marked });
};

/** Returns whether a response may be kept. Deletes what is kept if the session has changed. */
const mayKeep = async (request: Request, response: Response): Promise<boolean> => {
  const session =
    request.url === SESSION
      ? response
      : ((await caches.match(SESSION, { cacheName: ANSWERS })) ?? (await fetchSession(request)));
  if (session.ok) {
    const state = (await session.clone().json()) as components['schemas']['SessionState'];
    if (state.exists && (state.remembered || state.has_key)) return true;
  }
  await caches.delete(ANSWERS);
  return false;
};

/** Fetches the session of the client that sent a request, and keeps it. */
const fetchSession = async (request: Request): Promise<Response> => {
  const key = request.headers.get('Authorization');
  const response = await fetch(SESSION, { headers: key === null ? {} : { Authorization: key } });
  if (response.ok) await (await caches.open(ANSWERS)).put(SESSION, response.clone());
  return response;
};
