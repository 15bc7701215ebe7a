// Runs before the first paint: applies the theme, selects the part of the document that is shown
// until the page's code is loaded, and loads this code early.
(() => {
  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const { files, languages, pages } = JSON.parse(document.currentScript.dataset.shell);

  const theme = read('deepsky-theme') ?? 'auto';
  const isDark =
    ['dark', 'red'].includes(theme) ||
    (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const scheme = isDark ? 'dark' : 'light';
  root.dataset.theme = theme;
  root.dataset.mantineColorScheme = scheme;
  document.querySelector('meta[name=color-scheme]').content = scheme;
  if (theme === 'red') document.querySelector('link[rel=icon]').href = 'icon-red.svg';
  root.style.setProperty('--red-brightness', `${read('deepsky-red-brightness') ?? 100}%`);

  const language =
    [read('deepsky-language'), ...navigator.languages.map((code) => code.slice(0, 2))].find(
      (code) => languages.includes(code),
    ) ?? languages[0];
  root.lang = language;

  const path = location.pathname.slice(new URL('.', document.baseURI).pathname.length);
  const page = pages.includes(path) ? path : path.split('/')[0];
  root.dataset.shell = `${language}/${pages.includes(page) ? page : 'other'}`;

  for (const key of [language, page, `${language}/${page.split('/')[0]}`])
    for (const file of files[key] ?? []) {
      const link = document.createElement('link');
      const isStyle = file.endsWith('.css');
      link.rel = isStyle ? 'preload' : 'modulepreload';
      if (isStyle) link.as = 'style';
      link.crossOrigin = ''; // as in the links of Vite
      link.href = file;
      document.head.append(link);
    }
})();
