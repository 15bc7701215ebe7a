import { useLocalStorage } from '@mantine/hooks';

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
