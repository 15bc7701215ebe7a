// Applies the theme before the first paint, so that the default theme is not visible first.
(() => {
  const readTheme = () => {
    try {
      return JSON.parse(localStorage.getItem('deepsky-theme') ?? '"auto"');
    } catch {
      return 'auto';
    }
  };
  const theme = readTheme();
  const isDark =
    ['dark', 'red'].includes(theme) ||
    (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const scheme = isDark ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.mantineColorScheme = scheme;
  document.querySelector('meta[name=color-scheme]').content = scheme;
})();
