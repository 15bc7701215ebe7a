import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(css|html|js|json|svg|webmanifest)$/;

/** The encodings, with the suffixes that the server expects. */
const ENCODINGS = {
  br: (content: Buffer) =>
    brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  gz: (content: Buffer) => gzipSync(content, { level: constants.Z_BEST_COMPRESSION }),
};

/** Writes Brotli and gzip variants beside each file of the built page that they make smaller. */
export const compression = (): Plugin => {
  let folder: string;
  return {
    name: 'compression',
    apply: 'build',
    // After plugins that write files of their own at the end of a build.
    enforce: 'post',
    configResolved: ({ root, build }) => {
      folder = resolve(root, build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler: () => {
        for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
          if (COMPRESSIBLE.test(file)) compress(join(folder, file));
        }
      },
    },
  };
};

const compress = (path: string): void => {
  const content = readFileSync(path);
  for (const [suffix, encode] of Object.entries(ENCODINGS)) {
    const encoded = encode(content);
    if (encoded.length < content.length) writeFileSync(`${path}.${suffix}`, encoded);
  }
};
