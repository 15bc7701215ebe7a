import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Plugin } from 'vite';

import { MANTINE, mantineImports, relativeImports } from './mantine';

const ID = 'virtual:mantine-styles';
const SOURCE = fileURLToPath(new URL('../src', import.meta.url));
const GLOBAL_SHEETS = ['default-css-variables', 'baseline', 'global'];

/**
 * Provides the module `virtual:mantine-styles`: the style sheets of the Mantine components that the
 * page imports, and of the components that these use. Mantine's complete style sheet is twice as
 * large.
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
  const complete = readFileSync(join(MANTINE.core, 'styles.layer.css'), 'utf8');
  const found = new Set<string>();
  const visited = new Set<string>();
  for (const file of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }))
    if (/\.tsx?$/.test(file))
      for (const path of mantineImports(readFileSync(join(SOURCE, file), 'utf8')))
        visit(path, visited, found);
  // Components override the styles of those that they use, so the order is that of Mantine.
  const position = (name: string) => complete.indexOf(firstClass(name));
  return [
    ...GLOBAL_SHEETS,
    ...[...found].toSorted((a, b) => position(a) - position(b) || a.localeCompare(b)),
  ];
};

const firstClass = (name: string): string => {
  const sheet = readFileSync(join(MANTINE.core, 'styles', `${name}.layer.css`), 'utf8');
  return /\.m_[0-9a-f]+/.exec(sheet)?.[0] ?? '';
};

/** Adds the names of the style sheets that a module and its imports use to `found`. */
const visit = (path: string, visited: Set<string>, found: Set<string>): void => {
  if (visited.has(path)) return;
  visited.add(path);
  if (path.endsWith('.module.mjs')) found.add(basename(path, '.module.mjs'));
  for (const imported of relativeImports(path)) visit(imported.path, visited, found);
};
