import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { imagetools } from 'vite-imagetools';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

import { catalogues } from './plugins/catalogues.ts';
import { CHUNKS } from './plugins/chunks.ts';
import { compression } from './plugins/compression.ts';
import { installation } from './plugins/installation.ts';
import { mantineStyles } from './plugins/mantine-styles.ts';
import { scopedName } from './plugins/scoped-name.ts';
import { shell } from './plugins/shell.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: './', // the page also works under a path of a site
  plugins: [
    react(),
    imagetools({ include: /[?&]format=/ }),
    catalogues(),
    mantineStyles(),
    shell(),
    VitePWA(installation),
    compression(),
  ],
  css: { modules: { generateScopedName: scopedName } },
  resolve: { alias: { '@': here('src'), '@samples': here('../samples') } },
  build: {
    outDir: '../src/deepsky/server/static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: CHUNKS }, checks: { bundlerTimings: false } },
    license: { fileName: 'licences.md' },
  },
  server: {
    fs: { allow: ['..'] },
    proxy: { '/api': 'http://127.0.0.1:8000' },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'jsdom',
    testTimeout: 30_000,
    setupFiles: 'src/testing/setup.ts',
  },
});
