// Draws the icons of the installed page from public/icon.svg: `npm run icons`.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';

/** @param {string} path */
const inPublic = (path) => fileURLToPath(new URL(`../public/${path}`, import.meta.url));

const svg = readFileSync(inPublic('icon.svg'), 'utf8');

/** The icon on a square, of which the operating system cuts off the corners. */
const maskable = svg.replace(/<circle cx="16" cy="16" r="16"/, '<rect width="32" height="32"');

for (const [name, source, side] of /** @type {const} */ ([
  ['icon-192.png', svg, 192],
  ['icon-512.png', svg, 512],
  ['icon-maskable-512.png', maskable, 512],
]))
  await sharp(Buffer.from(source))
    .resize(side)
    .png({ palette: true, compressionLevel: 9 })
    .toFile(inPublic(name));
