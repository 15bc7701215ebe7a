import { readLocalStorageValue, useLocalStorage } from '@mantine/hooks';

const KEY = 'deepsky-api-key';

/** The API key, if one is set. It is kept in the browser's local storage until it is removed. */
export const useApiKey = () => {
  const [key, setKey, removeKey] = useLocalStorage<string | undefined>({
    key: KEY,
    getInitialValueInEffect: false,
  });
  return { key, setKey, removeKey };
};

/** Returns the Authorization header for an API key, by default the stored one. */
export const authorization = (
  key = readLocalStorageValue<string | undefined>({ key: KEY }),
): Record<string, string> => (key ? { Authorization: `Bearer ${key}` } : {});
