import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Plugin } from 'vite';

const ID = 'virtual:mantine-styles';
const MANTINE = fileURLToPath(new URL('../node_modules/@mantine/core', import.meta.url));
const GLOBAL_SHEETS = ['default-css-variables', 'baseline', 'global'];

/** The import and export statements of Mantine's modules: names, and the file they come from. */
const IMPORT = /(?:import|export) (?:\{([^}]*)\}|(\w+)) from "([^"]+)"/g;

/**
 * Provides the module `virtual:mantine-styles`: the style sheets of the Mantine components that the
 * page imports, and of the components that these use. Mantine's complete style sheet is ten times
 * larger.
 */
export const mantineStyles = (): Plugin => ({
  name: 'mantine-styles',
  resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
  load: (id) =>
    id === `\0${ID}`
      ? sheets()
          .map((name) => `import '@mantine/core/styles/${name}.layer.css';`)
          .join('\n')
      : undefined,
});

const sheets = (): string[] => {
  const complete = readFileSync(join(MANTINE, 'styles.layer.css'), 'utf8');
  const found = new Set<string>();
  const visited = new Set<string>();
  const modules = moduleByName();
  for (const name of importedNames()) {
    const path = modules.get(name);
    if (path !== undefined) visit(path, visited, found);
  }
  // Components override the styles of those that they use, so the order is that of Mantine.
  const position = (name: string) => complete.indexOf(firstClass(name));
  return [
    ...GLOBAL_SHEETS,
    ...[...found].toSorted((a, b) => position(a) - position(b) || a.localeCompare(b)),
  ];
};

const sheetPath = (name: string) => join(MANTINE, 'styles', `${name}.layer.css`);

const firstClass = (name: string): string =>
  /\.m_[0-9a-f]+/.exec(readFileSync(sheetPath(name), 'utf8'))?.[0] ?? '';

/** Returns the names that the page's modules import from Mantine. */
const importedNames = (): Set<string> => {
  const source = fileURLToPath(new URL('../src', import.meta.url));
  const names = new Set<string>();
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file)) continue;
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, list = ''] of text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g))
      for (const name of list.split(',')) names.add(name.trim().split(' as ')[0] ?? '');
  }
  return names;
};

const moduleByName = (): Map<string, string> => {
  const index = join(MANTINE, 'esm', 'index.mjs');
  const modules = new Map<string, string>();
  for (const [, list = '', , path = ''] of readFileSync(index, 'utf8').matchAll(IMPORT))
    for (const name of list.split(',')) modules.set(name.trim(), join(dirname(index), path));
  return modules;
};

/** Adds the names of the style sheets that a module and its imports use to `found`. */
const visit = (path: string, visited: Set<string>, found: Set<string>): void => {
  if (visited.has(path)) return;
  visited.add(path);
  if (path.endsWith('.module.mjs')) found.add(basename(path, '.module.mjs'));
  for (const [, , , imported = ''] of readFileSync(path, 'utf8').matchAll(IMPORT))
    if (imported.startsWith('.')) visit(join(dirname(path), imported), visited, found);
};
