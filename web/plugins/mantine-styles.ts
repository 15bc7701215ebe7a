import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Plugin } from 'vite';

import { MANTINE } from './mantine.ts';

const ID = 'virtual:mantine-styles';
const GLOBAL_SHEETS = ['default-css-variables', 'baseline', 'global'];

/**
 * Provides the module `virtual:mantine-styles`, the style sheets that all components of Mantine
 * need, and makes each component import its own, so that each chunk contains the styles of its
 * components. Mantine's complete style sheet is twice as large as all of these.
 *
 * The development server sends the complete style sheet, because it bundles Mantine in advance.
 */
export const mantineStyles = (): Plugin => {
  let isBuild = true;
  return {
    name: 'mantine-styles',
    configResolved: ({ command }) => {
      isBuild = command === 'build';
    },
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => {
      if (id !== `\0${ID}`) return undefined;
      return isBuild
        ? GLOBAL_SHEETS.map((name) => importOf(`styles/${name}`)).join('\n')
        : importOf('styles');
    },
    transform: (code, id) => {
      const name = basename(id, '.module.mjs');
      if (!isBuild || !id.startsWith(MANTINE.core) || !id.endsWith('.module.mjs')) return undefined;
      if (!existsSync(join(MANTINE.core, 'styles', `${name}.layer.css`))) return undefined;
      return { code: `${importOf(`styles/${name}`)}\n${code}`, map: null };
    },
  };
};

const importOf = (sheet: string) => `import '@mantine/core/${sheet}.layer.css';`;
