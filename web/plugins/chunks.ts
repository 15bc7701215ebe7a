import { fileURLToPath } from 'node:url';

import type { Rolldown } from 'vite';

import { INDEXES, mantineImports } from './mantine';

type Graph = Parameters<Rolldown.CodeSplittingNameFunction>[1];

const indexes = Object.values(INDEXES);

const ENTRY = fileURLToPath(new URL('../index.html', import.meta.url));

const reachable = new WeakMap<Graph, Set<string>>();

/** Returns the modules that the page needs before it can show anything. */
const startModules = (graph: Graph): Set<string> => {
  const known = reachable.get(graph);
  if (known !== undefined) return known;
  const modules = new Set<string>();
  const visit = (id: string) => {
    if (modules.has(id)) return;
    modules.add(id);
    const info = graph.getModuleInfo(id);
    // Mantine's index imports everything; only what a module names is needed.
    info?.importedIds.filter((one) => !indexes.includes(one)).forEach(visit);
    mantineImports(info?.code ?? '').forEach(visit);
  };
  visit(ENTRY);
  modules.delete(ENTRY);
  reachable.set(graph, modules);
  return modules;
};

const OVERLAYS =
  /@floating-ui|react-remove-scroll|\/(?:Modal|ModalBase|ScrollArea|Popover|Floating|FocusTrap)\//;

const ANSWERS =
  /\/src\/(?:components\/(?:answer\/(?:answer|evidence|image-stage|probability)|object\/)|features\/feedback)|\/(?:Slider|Chip|Textarea)\//;

/**
 * The chunks of the page's code. A slow connection needs half a second for each request, so there
 * are only a few: `start` for what every page needs, `overlays` for menus and dialogs,
 * `answers` for a classification, `shared` for
 * what several pages import, `learn` for the pages about the subject, and one for each other page.
 */
export const CHUNKS: Rolldown.CodeSplittingOptions = {
  groups: [
    {
      name: (id, graph) =>
        startModules(graph).has(id) || id.endsWith('rolldown/runtime.js') ? 'start' : null,
      priority: 5,
    },
    { name: 'overlays', test: OVERLAYS, priority: 4 },
    { name: 'answers', test: ANSWERS, priority: 3 },
    { name: 'shared', test: /^(?!.*\/src\/features\/learn\/)/, minShareCount: 2, priority: 2 },
    { name: 'learn', test: /\/src\/features\/learn\/(?!texts\/(?:en|de)\.)/, priority: 1 },
  ],
};
