import { useLocalStorage } from '@mantine/hooks';

/** How the page may look. `red` lights red alone, so that eyes stay used to the dark. */
export const THEMES = ['auto', 'light', 'dark', 'red'] as const;

export type Theme = (typeof THEMES)[number];

/** The look that the user chose, kept where `public/theme.js` reads it before the first paint. */
export const useTheme = () => {
  const [kept, choose] = useLocalStorage<Theme>({
    key: 'deepsky-theme',
    defaultValue: 'auto',
    getInitialValueInEffect: false,
  });
  return [THEMES.includes(kept) ? kept : 'auto', choose] as const;
};
