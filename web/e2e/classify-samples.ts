import { readFileSync } from 'node:fs';

import type { Page } from '@playwright/test';

/**
 * Classifies sample images through the API, using the session cookie of the page's browser. `root`
 * is the path of the page.
 */
export const classifySamples = async (page: Page, names: string[], root = '/'): Promise<void> => {
  for (const name of names) {
    const buffer = readFileSync(`../samples/${name}.jpg`);
    const image = { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer };
    await page.request.post(`${root}api/v1/classifications`, { multipart: { image } });
  }
};
