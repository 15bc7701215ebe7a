import type { Location } from 'react-router';

/** The history state of a link back to a list. It contains the list's scroll key. */
interface BackState {
  scrollKey?: string | undefined;
}

/**
 * Returns the key under which the scroll position of a location is stored.
 *
 * A link back to a list uses the list's key. All locations opened by URL have the key `default`,
 * so the path is used instead.
 */
export const scrollKeyOf = ({ key, pathname, state }: Location): string =>
  (state as BackState | null)?.scrollKey ?? (key === 'default' ? pathname : key);
