import { serverPath } from '@/lib/base-path';

/**
 * Returns the address of a page for an address of earlier versions, in which the path was in the
 * fragment (`#/history/ID`); undefined for all other addresses.
 */
export const addressOf = (hash: string): string | undefined => {
  const path = /^#\/+(.*)$/.exec(hash)?.[1];
  return path === undefined ? undefined : serverPath(path.replace(/^history\//, 'answers/'));
};

/** Replaces an address of earlier versions, such as a bookmark. */
export const replaceOldAddress = (): void => {
  const address = addressOf(window.location.hash);
  if (address !== undefined) window.history.replaceState(null, '', address);
};
