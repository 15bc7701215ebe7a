import { readFileSync } from 'node:fs';

import type { Page } from '@playwright/test';

/** Classifies sample images through the API, using the session cookie of the page's browser. */
export const classifySamples = async (page: Page, names: string[]): Promise<void> => {
  for (const name of names) {
    const buffer = readFileSync(`../samples/${name}.jpg`);
    const image = { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer };
    await page.request.post('/api/v1/classifications', { multipart: { image } });
  }
};
