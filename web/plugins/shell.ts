import type { Plugin, Rolldown } from 'vite';

import { de as learnDe } from '../src/features/learn/texts/de.ts';
import { en as learnEn } from '../src/features/learn/texts/en.ts';
import { de } from '../src/lib/messages/de.ts';
import { en } from '../src/lib/messages/en.ts';
import { catalogueId } from './catalogues.ts';
import { scopedName } from './scoped-name.ts';

const LANGUAGES = { en: [en, learnEn], de: [de, learnDe] } as const;

type Language = keyof typeof LANGUAGES;

interface Heading {
  title: string;
  lead: string;
}

/** The heading of each page, by its path. The headings of other pages depend on their data. */
const headings = (language: Language): Record<string, Heading | undefined> => {
  const [messages, learn] = LANGUAGES[language];
  return {
    '': messages,
    history: messages.history,
    review: messages.review,
    models: messages.performance,
    learn,
    'learn/objects': learn.objects,
    'learn/kinds': learn.kinds,
    'learn/networks': learn.networks,
    'learn/figures': learn.figures,
    'learn/data': learn.data,
    other: undefined,
  };
};

/** The module that each page loads. */
const ROUTES: Record<string, string> = {
  '': 'classify',
  history: 'history',
  answers: 'classify',
  shared: 'shared',
  review: 'review',
  models: 'models',
  learn: 'learn',
  'learn/objects': 'learn',
  'learn/kinds': 'learn',
  'learn/networks': 'learn',
  'learn/figures': 'learn',
  'learn/data': 'learn',
};

/** The module of each key by which `public/start.js` looks up what to load. */
const MODULES: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(ROUTES).map(([page, name]) => [page, `/src/app/routes/${name}.tsx`]),
  ),
  ...Object.fromEntries(
    (Object.keys(LANGUAGES) as Language[]).flatMap((language) => [
      [language, catalogueId(`messages/${language}`)],
      [`${language}/learn`, catalogueId(`learn/${language}`)],
    ]),
  ),
};

/**
 * Writes into the document what every page shows until its code is loaded: the header and the
 * heading, in each language. `public/start.js` selects one of them.
 */
export const shell = (): Plugin => ({
  name: 'shell',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      const keys = Object.keys(LANGUAGES).flatMap((language) =>
        Object.entries(headings(language as Language)).map(
          ([page, heading]) => [language as Language, page, heading] as const,
        ),
      );
      const data = {
        languages: Object.keys(LANGUAGES),
        pages: Object.keys(headings('en')),
        files: bundle ? filesOf(bundle) : {},
      };
      const rules = keys
        .map(([language, page]) => {
          const key = `"${language}/${page}"`;
          return `[data-shell=${key}] [data-for=${key}]`;
        })
        .join(',');
      return html
        .replace('<div id="root">', `$&${keys.map((key) => document(...key)).join('')}`)
        .replace('</head>', `<style>[data-for]{display:none}${rules}{display:flex}</style></head>`)
        .replace('start.js"', `$& data-shell='${JSON.stringify(data)}'`);
    },
  },
});

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const element = (tag: string, file: string, name: string, content: string): string =>
  `<${tag} class="${scopedName(name, file)}">${content}</${tag}>`;

/** Returns what `Layout` and `PageTitle` show. */
const document = (language: Language, page: string, heading: Heading | undefined): string => {
  const [messages] = LANGUAGES[language];
  const layout = (tag: string, name: string, content: string) =>
    element(tag, 'layout', name, content);
  const links = Object.entries(navigation(messages))
    .map(([path, name]) => {
      const current = path === page.split('/')[0] ? ' aria-current="page"' : '';
      return `<a class="${scopedName('link', 'layout')}" href="${path || '.'}"${current}>${escape(name)}</a>`;
    })
    .join('');
  const brand = `<img src="icon.svg" alt="" width="28" height="28">${escape(messages.brand)}`;
  const header = `<header class="${scopedName('header', 'layout')}">${
    layout('span', 'brand', brand) + layout('nav', 'nav', links)
  }<span class="${scopedName('settings', 'layout')} ${scopedName('placeholder', 'layout')}"></span></header>`;
  const title =
    heading === undefined
      ? ''
      : `<div>${
          element('h1', 'page-title', 'title', escape(heading.title)) +
          element('p', 'page-title', 'lead', escape(heading.lead))
        }</div>`;
  const main = page === '' ? home(title, messages) : element('main', 'page', 'page', title);
  return `<div data-for="${language}/${page}" class="${scopedName('page', 'layout')}">${header}${main}</div>`;
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

/** Returns the files to load for each key, without those that the document itself names. */
const filesOf = (bundle: Rolldown.OutputBundle): Record<string, string[]> => {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry);
  const loaded = new Set(entry ? withImports(entry, bundle) : []);
  return Object.fromEntries(
    Object.entries(MODULES).map(([key, module]) => {
      const chunk = chunks.find(({ moduleIds, facadeModuleId }) =>
        facadeModuleId
          ? facadeModuleId.endsWith(module)
          : moduleIds.some((id) => id.endsWith(module)),
      );
      if (!chunk) throw new Error(`No chunk contains ${module}.`);
      return [key, withImports(chunk, bundle).filter((file) => !loaded.has(file))];
    }),
  );
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
