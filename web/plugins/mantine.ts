import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders of Mantine's packages. */
export const MANTINE = {
  core: fileURLToPath(new URL('../node_modules/@mantine/core', import.meta.url)),
  hooks: fileURLToPath(new URL('../node_modules/@mantine/hooks', import.meta.url)),
};

/** The module of each package that only exports the contents of the others. */
export const INDEXES = {
  core: join(MANTINE.core, 'esm', 'index.mjs'),
  hooks: join(MANTINE.hooks, 'esm', 'index.mjs'),
};

const RELATIVE = /(?:import|export) (?:\{([^}]*)\}|(\w+)) from "(\.[^"]+)"/g;
const PACKAGE = /import\s*\{([^}]*)\}\s*from\s*["']@mantine\/(core|hooks)["']/g;

/** Returns the paths of the modules that a module of Mantine names. */
export const relativeImports = (path: string): { names: string[]; path: string }[] =>
  [...readFileSync(path, 'utf8').matchAll(RELATIVE)].map(([, list, name = '', file = '']) => ({
    names: list?.split(',').map(localName) ?? [name],
    path: join(dirname(path), file),
  }));

const localName = (name: string) => name.trim().split(' as ')[0] ?? '';

const modules = Object.fromEntries(
  Object.entries(INDEXES).map(([name, index]) => [
    name,
    new Map(
      relativeImports(index).flatMap(({ names, path }) => names.map((one) => [one, path] as const)),
    ),
  ]),
);

/** Returns the paths of the modules of Mantine whose names some code imports. */
export const mantineImports = (code: string): string[] =>
  [...code.matchAll(PACKAGE)].flatMap(([, list = '', name = '']) =>
    list.split(',').flatMap((one) => modules[name]?.get(localName(one)) ?? []),
  );
