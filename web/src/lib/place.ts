import type { Location } from 'react-router';

/** What a link that leads back carries along: the place where one was. */
interface Back {
  place?: string | undefined;
}

/**
 * Under what name it is remembered how far one had scrolled: all entries by address share a key,
 * and a link that leads back leads to the place of another entry.
 */
export const placeOf = ({ key, pathname, state }: Location): string =>
  (state as Back | null)?.place ?? (key === 'default' ? pathname : key);
