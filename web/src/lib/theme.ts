import { useLocalStorage } from '@mantine/hooks';

import { serverPath } from '@/lib/base-path';

/** The themes. `red` shows only red light, to preserve night vision. */
export const THEMES = ['auto', 'light', 'dark', 'red'] as const;

export type Theme = (typeof THEMES)[number];

/** The chosen theme; `public/start.js` reads it from local storage before the first paint. */
export const useTheme = () => {
  const [stored, setTheme] = useLocalStorage<Theme>({
    key: 'deepsky-theme',
    defaultValue: 'auto',
    getInitialValueInEffect: false,
  });
  return [THEMES.includes(stored) ? stored : 'auto', setTheme] as const;
};

/** The lowest brightness of the red theme in percent, at which the page can still be read. */
export const MIN_BRIGHTNESS = 30;

/** The brightness of the red theme in percent; `public/start.js` reads it too. */
export const useRedBrightness = () => {
  const [stored, setBrightness] = useLocalStorage({
    key: 'deepsky-red-brightness',
    defaultValue: 100,
    getInitialValueInEffect: false,
  });
  const isValid = stored >= MIN_BRIGHTNESS && stored <= 100;
  return [isValid ? stored : 100, setBrightness] as const;
};

/** Applies a theme to the document, as `public/start.js` does before the first paint. */
export const applyTheme = (theme: Theme, redBrightness: number): void => {
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.style.setProperty('--red-brightness', `${redBrightness}%`);
  document
    .querySelector('link[rel=icon]')
    ?.setAttribute('href', serverPath(theme === 'red' ? 'icon-red.svg' : 'icon.svg'));
};
