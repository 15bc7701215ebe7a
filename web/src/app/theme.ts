import {
  createTheme,
  DEFAULT_THEME,
  type MantineColorsTuple,
  mergeThemeOverrides,
} from '@mantine/core';

export const theme = createTheme({
  colors: {
    dark: [
      '#d5daea',
      '#aab3cc',
      '#8d97b5',
      '#5c6685',
      '#39425d',
      '#2a3149',
      '#1c2235',
      '#121726',
      '#0d111d',
      '#090c15',
    ],
  },
  primaryColor: 'indigo',
  primaryShade: 7,
  autoContrast: true,
  defaultRadius: 'md',
  respectReducedMotion: true,
  components: {
    // Mantine's <header> would be a second banner of the page.
    ModalHeader: { defaultProps: { component: 'div' } },
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
});

const allRed = Array<string>(10).fill('#ff0000') as unknown as MantineColorsTuple;
const names = Object.keys(DEFAULT_THEME.colors);

/** The Mantine theme for the red colour scheme; `red.css` contains its other styles. */
export const redTheme = mergeThemeOverrides(theme, {
  white: '#ff0000',
  black: '#000000',
  // Even pure red has a low luminance, so text on it must be black.
  luminanceThreshold: 0.2,
  colors: {
    ...Object.fromEntries(names.map((name) => [name, allRed])),
    dark: [
      '#ff0000',
      '#f80000',
      '#f00000',
      '#f00000',
      '#b60000',
      '#340000',
      '#100000',
      '#000000',
      '#000000',
      '#000000',
    ],
  },
});
