import { createServer, type ViteDevServer } from 'vite';

import type { Language } from '../src/lib/language.ts';

export type RenderPage = (path: string, language: Language) => Promise<string | undefined>;

const MODULE = '/src/app/static-page.tsx';

/** What modules of the page need of a browser when they are loaded. */
const BROWSER = {
  document: { baseURI: 'http://localhost/', documentElement: {} },
  navigator: { languages: [] },
};

/** References between elements, which would not be unique with one copy for each language. */
const REFERENCES = / (?:id|for|aria-labelledby)="[^"]*"/g;

/** Calls a function with the markup of pages; see src/app/static-page.tsx. */
export const withStaticPages = async <T>(
  root: string,
  task: (renderPage: RenderPage) => Promise<T>,
  running?: ViteDevServer,
): Promise<T> => {
  const before = Object.keys(BROWSER).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(BROWSER))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  const server =
    running ??
    (await createServer({
      root,
      logLevel: 'error',
      server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    }));
  try {
    const { renderPage } = (await server.ssrLoadModule(MODULE)) as { renderPage: RenderPage };
    return await task(async (path, language) => {
      const markup = await renderPage(path, language);
      // Relative to the base of the document, because the page also works under a path of a site.
      return markup?.replaceAll(REFERENCES, '').replaceAll(' href="/', ' href="');
    });
  } finally {
    if (!running) await server.close();
    for (const [name, property] of before)
      if (property) Object.defineProperty(globalThis, name, property);
      else Reflect.deleteProperty(globalThis, name);
  }
};
