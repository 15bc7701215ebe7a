import { fileURLToPath } from 'node:url';

import type { Rolldown } from 'vite';

import { INDEXES, mantineImports } from './mantine.ts';

type Graph = Parameters<Rolldown.CodeSplittingNameFunction>[1];

const indexes = Object.values(INDEXES);

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const ENTRY = file('../index.html');
const HOME = file('../src/app/routes/classify.tsx');
const LEARN = file('../src/app/routes/learn.tsx');
const MODELS = file('../src/app/routes/models.tsx');
const PAGES = [
  MODELS,
  ...['answer', 'shared', 'history', 'review'].map((name) => file(`../src/app/routes/${name}.tsx`)),
];

const known = new WeakMap<Graph, Map<string, Set<string>>>();

/** Returns the modules that a module imports, directly or indirectly. */
const closure = (graph: Graph, entry: string): Set<string> => {
  const closures = known.get(graph) ?? new Map<string, Set<string>>();
  known.set(graph, closures);
  const modules = closures.get(entry) ?? new Set<string>();
  if (closures.has(entry)) return modules;
  closures.set(entry, modules);
  const visit = (id: string) => {
    if (modules.has(id)) return;
    modules.add(id);
    const info = graph.getModuleInfo(id);
    // Mantine's index imports everything; only what a module names is needed.
    info?.importedIds.filter((one) => !indexes.includes(one)).forEach(visit);
    mantineImports(info?.code ?? '').forEach(visit);
  };
  visit(entry);
  return modules;
};

const isStart = (id: string, graph: Graph): boolean =>
  id !== ENTRY && (closure(graph, ENTRY).has(id) || id.endsWith('rolldown/runtime.js'));

const isHome = (id: string, graph: Graph): boolean => closure(graph, HOME).has(id);

/** Returns whether one of the other pages needs a module before it can show anything. */
const isOnPage = (id: string, graph: Graph): boolean =>
  PAGES.some((page) => closure(graph, page).has(id));

/** Returns whether the pages about the subject or the models and another page need a module. */
const isBasic = (id: string, graph: Graph): boolean =>
  (closure(graph, LEARN).has(id) && (isHome(id, graph) || isOnPage(id, graph))) ||
  (closure(graph, MODELS).has(id) && !OF_MODELS.test(id));

const OF_MODELS = /\/src\/(?:features\/models|app\/routes)\//;

const OVERLAYS =
  /@floating-ui|react-remove-scroll|\/(?:Modal|ModalBase|ScrollArea|Menu|Popover|Floating|FocusTrap|Slider)\//;

/** Parts of Mantine that menus and dialogs have in common with answers. */
const PARTS = /\/(?:Paper|CheckIcon\.mjs|DirectionProvider|create-safe-context)(?:\/|$)/;

const ANSWERS =
  /\/src\/(?:components\/(?:answer\/(?:answer(?!-menu)|lazy-answer-menu|menu-button|evidence|image-stage|probability)|object\/)|features\/feedback)|\/(?:Chip|Textarea)\//;

const NOT_LEARN = /^(?!.*\/src\/features\/learn\/)/;

const SAMPLES = /\/src\/lib\/samples\.|\/samples\//;

/**
 * The chunks of the page's code. A slow connection needs half a second for each request, so there
 * are only a few: `start` for what every page needs and for the little that the pages about the
 * subject and the models have in common with others, `common` for what the home page has in common
 * with others, `overlays` for menus and dialogs, `answers` for a classification without its menu,
 * `samples` for the sample images, `shared` for what several other pages need, `lists` for lists of
 * answers, `learn` for the pages about the subject, and one for each other page.
 */
export const CHUNKS: Rolldown.CodeSplittingOptions = {
  groups: [
    {
      name: (id, graph) => (isStart(id, graph) || isBasic(id, graph) ? 'start' : null),
      debugName: 'start',
      priority: 8,
    },
    {
      name: (id, graph) => (isHome(id, graph) ? 'common' : null),
      debugName: 'common',
      minShareCount: 2,
      priority: 7,
    },
    {
      name: (id, graph) => (isOnPage(id, graph) || PARTS.test(id) ? 'shared' : null),
      debugName: 'shared',
      minShareCount: 2,
      priority: 6,
    },
    { name: 'overlays', test: OVERLAYS, priority: 5 },
    { name: 'answers', test: ANSWERS, priority: 4 },
    { name: 'samples', test: SAMPLES, priority: 3 },
    { name: 'lists', test: NOT_LEARN, minShareCount: 2, priority: 2 },
    {
      name: 'learn',
      test: /\/src\/features\/learn\/(?!texts\/(?:en|de)\.|.*\/(?:evidence-demo|kind-images)\.|api\/)/,
      priority: 1,
    },
  ],
};
