// Runs before the first paint: applies the theme, selects the language in which the document is
// shown until the page's code is loaded, and loads the texts in this language early.
(() => {
  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const files = JSON.parse(document.currentScript.dataset.files);
  const languages = Object.keys(files);

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

  root.dataset.shell = '';

  // Shows the image of an answer, which a `Link` header of the document preloads. With an API key,
  // only the page's code can load images.
  const [, kind, id] = /\/(answers|shared)\/([^/]+)$/.exec(location.pathname) ?? [];
  if (id && !read('deepsky-api-key')) {
    const path = `api/v1/${kind === 'shared' ? kind : 'classifications'}/${id}/image`;
    root.style.setProperty('--preview', `url("${new URL(path, document.baseURI).href}")`);
  }

  for (const file of files[language]) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.crossOrigin = ''; // as in the links of Vite
    link.href = file;
    document.head.append(link);
  }
})();
