import type { Plugin, Rolldown } from 'vite';

import { de as learnDe } from '../src/features/learn/texts/de.ts';
import { en as learnEn } from '../src/features/learn/texts/en.ts';
import { de } from '../src/lib/messages/de.ts';
import { en } from '../src/lib/messages/en.ts';
import { catalogueId } from './catalogues.ts';
import { scopedName } from './scoped-name.ts';
import { type RenderPage, withStaticPages } from './static-pages.ts';

const LANGUAGES = { en: [en, learnEn], de: [de, learnDe] } as const;

type Language = keyof typeof LANGUAGES;

interface Page {
  /** The names of the modules in src/app/routes that the page loads. */
  routes: string[];
  /** The path in src/features of a component that the page loads while its data are loaded. */
  component?: string;
  /** The heading of a page that `renderPage` does not render, unless it depends on data. */
  heading?: (messages: Messages) => Heading;
  /** As `isCompact` of `Page`. */
  isCompact?: boolean;
}

interface Heading {
  title: string;
  lead: string;
}

/** The pages with a document of their own. `other` is the document of every other address. */
const PAGES: Record<string, Page> = {
  '': { routes: ['classify'], heading: (messages) => messages },
  history: { routes: ['history'], heading: ({ history }) => history },
  answers: { routes: ['classify', 'answer'], component: 'history/components/saved-answer' },
  shared: { routes: ['shared'], component: 'share/components/shared-answer' },
  review: { routes: ['review'], heading: ({ review }) => review, isCompact: true },
  models: { routes: ['models'] },
  learn: { routes: ['learn'] },
  'learn/objects': { routes: ['learn'] },
  'learn/kinds': { routes: ['learn'] },
  'learn/networks': { routes: ['learn'] },
  'learn/figures': { routes: ['learn'] },
  'learn/data': { routes: ['learn'] },
  other: { routes: ['not-found'], heading: ({ notFound }) => notFound },
};

/** The name of the document of a page; `server/page.py` and the service worker use the same. */
const documentName = (page: string): string =>
  page === '' ? 'index.html' : `${page.replace('/', '-')}.html`;

/**
 * Writes a document for each page. It contains what the page shows until its code is loaded, in
 * each language, of which `public/start.js` selects one, and names the files that the page needs.
 */
export const shell = (): Plugin => {
  let root: string;
  return {
    name: 'shell',
    configResolved: (config) => {
      ({ root } = config);
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html, { server, originalUrl = '/' }) =>
        server &&
        withStaticPages(
          root,
          (renderPage) => complete(html, pageAt(originalUrl), { files: () => [], renderPage }),
          server,
        ),
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const index = bundle['index.html'];
        if (index?.type !== 'asset') return;
        const html = index.source.toString();
        const files = filesOf(bundle);
        await withStaticPages(root, async (renderPage) => {
          for (const page of Object.keys(PAGES)) {
            const source = await complete(html, page, { files, renderPage });
            if (page === '') index.source = source;
            else this.emitFile({ type: 'asset', fileName: documentName(page), source });
          }
        });
      },
    },
  };
};

/** Returns the page at an address of the development server. */
const pageAt = (url: string): string => {
  const [, path = ''] = /^\/?([^?#]*)/.exec(url) ?? [];
  const [first = ''] = path.split('/');
  return [path, first].find((page) => page in PAGES) ?? 'other';
};

interface Source {
  /** Returns the files of a module. */
  files: (module: string) => string[];
  renderPage: RenderPage;
}

/** Returns the document of a page. */
const complete = async (html: string, page: string, { files, renderPage }: Source) => {
  const filesToAdd = (module: string) => files(module).filter((file) => !html.includes(file));
  const { routes = [], component, heading, isCompact } = PAGES[page] ?? {};
  const parts = [];
  for (const language of Object.keys(LANGUAGES) as Language[]) {
    const [messages] = LANGUAGES[language];
    const main =
      page === ''
        ? home(titleOf(messages), messages)
        : ((await renderPage(page, language)) ??
          element(
            'main',
            'page',
            'page',
            heading ? titleOf(heading(messages)) : '',
            isCompact ? ' data-compact' : '',
          ));
    parts.push(layout(language, page, main));
  }
  const data = Object.fromEntries(
    Object.keys(LANGUAGES).map((language) => [
      language,
      [
        ...filesToAdd(catalogueId(`messages/${language as Language}`)),
        ...(routes.includes('learn')
          ? filesToAdd(catalogueId(`learn/${language as Language}`))
          : []),
      ],
    ]),
  );
  const needed = new Set(routes.flatMap((name) => filesToAdd(`/src/app/routes/${name}.tsx`)));
  const later = component ? filesToAdd(`/src/features/${component}.tsx`) : [];
  const links = [
    ...[...needed].map((file) => link(file, 'rel="stylesheet"')),
    // Styles of what is shown later do not delay the first paint.
    ...later
      .filter((file) => !needed.has(file))
      .map((file) => link(file, 'rel="preload" as="style"')),
  ];
  const rules = Object.keys(LANGUAGES).map(
    (language) => `[lang=${language}][data-shell] [data-for=${language}]`,
  );
  return html
    .replace('<div id="root">', `$&${parts.join('')}`)
    .replace(
      '</head>',
      `${links.join('')}<style>[data-for]{display:none}${rules.join()}{display:flex}</style></head>`,
    )
    .replace('start.js"', `$& data-files='${JSON.stringify(data)}'`);
};

const link = (file: string, ofStyles: string): string =>
  `<link ${file.endsWith('.css') ? ofStyles : 'rel="modulepreload"'} crossorigin href="${file}">`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const element = (
  tag: string,
  file: string,
  name: string,
  content: string,
  attributes = '',
): string => `<${tag} class="${scopedName(name, file)}"${attributes}>${content}</${tag}>`;

/** Returns what `PageTitle` shows. */
const titleOf = ({ title, lead }: Heading): string =>
  `<div>${
    element('h1', 'page-title', 'title', escape(title)) +
    element('p', 'page-title', 'lead', escape(lead))
  }</div>`;

/** Returns what `Layout` shows around a page. */
const layout = (language: Language, page: string, main: string): string => {
  const [messages] = LANGUAGES[language];
  const part = (tag: string, name: string, content: string) =>
    element(tag, 'layout', name, content);
  const links = Object.entries(navigation(messages))
    .map(([path, name]) => {
      const current = path === page.split('/')[0] ? ' aria-current="page"' : '';
      return `<a class="${scopedName('link', 'layout')}" href="${path || '.'}"${current}>${escape(name)}</a>`;
    })
    .join('');
  const brand = `<img src="icon.svg" alt="" width="28" height="28">${escape(messages.brand)}`;
  const header = `<header class="${scopedName('header', 'layout')}">${
    part('span', 'brand', brand) + part('nav', 'nav', links)
  }<span class="${scopedName('settings', 'layout')} ${scopedName('placeholder', 'layout')}"></span></header>`;
  return `<div data-for="${language}" class="${scopedName('page', 'layout')}">${header}${main}</div>`;
};

type Messages = (typeof LANGUAGES)[Language][0];

const navigation = ({ nav }: Messages): Record<string, string> => ({
  '': nav.classify,
  history: nav.history,
  review: nav.review,
  models: nav.models,
  learn: nav.learn,
});

/** Returns what `ClassifyPage` shows, without what depends on the server. */
const home = (title: string, { drop }: Messages): string => {
  const part = (tag: string, name: string, text: string) =>
    element(tag, 'drop-prompt', name, escape(text));
  const prompt = element(
    'div',
    'drop-prompt',
    'content',
    part('span', 'action', drop.action) +
      part('span', 'hint', drop.hint) +
      part('span', 'formats', drop.formats) +
      element('span', 'layout', 'placeholder', ''),
  );
  const choice = element('div', 'model-choice', 'choice', '');
  const content = `${title}<div class="${scopedName('start', 'classify-page')}">${choice}${element('div', 'drop-prompt', 'prompt', prompt)}</div>`;
  return element(
    'main',
    'classify-page',
    'main',
    element('div', 'classify-page', 'content', content),
  );
};

/** Returns a function that returns the files of a module and of all modules that it imports. */
const filesOf = (bundle: Rolldown.OutputBundle): Source['files'] => {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  return (module) => {
    const chunk = chunks.find(({ moduleIds, facadeModuleId }) =>
      facadeModuleId
        ? facadeModuleId.endsWith(module)
        : moduleIds.some((id) => id.endsWith(module)),
    );
    if (!chunk) throw new Error(`No chunk contains ${module}.`);
    return withImports(chunk, bundle);
  };
};

const withImports = (chunk: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): string[] => {
  const found = new Set<string>();
  const visit = (name: string) => {
    const file = bundle[name];
    if (found.has(name) || file?.type !== 'chunk') return;
    found.add(name);
    for (const sheet of file.viteMetadata?.importedCss ?? []) found.add(sheet);
    file.imports.forEach(visit);
  };
  visit(chunk.fileName);
  return [...found];
};
