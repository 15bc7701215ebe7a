import { fileURLToPath } from 'node:url';

import type { Rolldown } from 'vite';

type Graph = Parameters<Rolldown.CodeSplittingNameFunction>[1];

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
    graph.getModuleInfo(id)?.importedIds.forEach(visit);
  };
  visit(ENTRY);
  modules.delete(ENTRY);
  reachable.set(graph, modules);
  return modules;
};

/**
 * The chunks of the page's code. A slow connection needs half a second for each request, so there
 * are only a few: `start`, `shared` for what several other pages import, `learn` for the pages
 * about the subject, and one for each remaining page.
 */
export const CHUNKS: Rolldown.CodeSplittingOptions = {
  groups: [
    {
      name: (id, graph) => (startModules(graph).has(id) ? 'start' : null),
      priority: 3,
    },
    { name: 'shared', minShareCount: 2, priority: 2 },
    { name: 'learn', test: /\/src\/features\/learn\/(?!texts\/(?:en|de)\.)/, priority: 1 },
  ],
};
