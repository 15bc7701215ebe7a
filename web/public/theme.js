// Runs before anything is painted, so that no other theme flashes up: least of all a white one.
(() => {
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem('deepsky-theme') ?? '"auto"');
    } catch {
      return 'auto';
    }
  };
  const theme = kept();
  const isDark = ['dark', 'red'].includes(theme)
    || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const scheme = isDark ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.mantineColorScheme = scheme;
  document.querySelector('meta[name=color-scheme]').content = scheme;
})();
