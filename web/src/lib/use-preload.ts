import { useEffect } from 'react';

/**
 * Loads a module while the data that it shows are loaded. If that fails, it is loaded again when
 * the data are shown.
 */
export const usePreload = (load: () => Promise<unknown>): void => {
  useEffect(() => {
    load().catch(() => undefined);
  }, [load]);
};
