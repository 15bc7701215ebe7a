/** What the page and its service worker agree on. */

/** The header of responses that come from the cache because the server does not respond. */
export const OFFLINE_HEADER = 'X-Deepsky-Offline';

/** Returns the name of the cache for answers. Several servers can share an origin. */
export const answersCache = (scope: string): string => `deepsky-answers-${scope}`;
