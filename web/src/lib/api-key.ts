import { readLocalStorageValue, useLocalStorage } from '@mantine/hooks';

const KEY = 'deepsky-api-key';

/**
 * The API key that this browser shows the server, if it has one.
 *
 * Kept in local storage, as browsers keep the cookie that others are known by: until removed.
 */
export const useApiKey = () => {
  const [key, keep, forget] = useLocalStorage<string | undefined>({
    key: KEY,
    getInitialValueInEffect: false,
  });
  return { key, keep, forget };
};

/** The headers that show a key to the server: the one kept, if none is given. */
export const authorization = (
  key = readLocalStorageValue<string | undefined>({ key: KEY }),
): Record<string, string> => (key ? { Authorization: `Bearer ${key}` } : {});
