import { readLocalStorageValue, useLocalStorage } from '@mantine/hooks';

const KEY = 'deepsky-send-originals';

/** Phones and tablets often have slow or metered connections. */
const isOnDefault = (): boolean => !window.matchMedia('(pointer: coarse)').matches;

/** Returns whether large photos are sent as they are, rather than scaled down. */
export const sendsOriginals = (): boolean =>
  readLocalStorageValue({ key: KEY, defaultValue: isOnDefault() });

/** Whether large photos are sent as they are, which this browser remembers. */
export const useSendOriginals = () =>
  useLocalStorage({ key: KEY, defaultValue: isOnDefault(), getInitialValueInEffect: false });
