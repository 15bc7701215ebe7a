import { basename } from 'node:path';

/** Returns the class name for a name in a CSS module. The static shell uses the same names. */
export const scopedName = (name: string, file: string): string =>
  `${basename(file).replace('.module.css', '')}_${name}`;
