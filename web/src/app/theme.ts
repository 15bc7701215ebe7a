import { createTheme } from '@mantine/core';

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
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
});
