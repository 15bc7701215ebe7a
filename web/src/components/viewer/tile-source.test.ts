import { http, HttpResponse } from 'msw';
import type { ImageJob } from 'openseadragon';
import { expect, it } from 'vitest';

import { tileSource } from '@/components/viewer/tile-source';
import { busy, problem, server } from '@/testing/server';

it('starts with a level that fits into one tile and ends with the full size', () => {
  const { minLevel, maxLevel, getTileUrl } = tileSource({ id: 'x', width: 6000, height: 4000 });
  expect([minLevel, maxLevel]).toEqual([9, 13]);
  expect(getTileUrl(13, 11, 7)).toMatch(/api\/v1\/classifications\/x\/tiles\/13\/11_7\.jpg$/);
});

it('has a single level for a small image', () => {
  const { minLevel, maxLevel } = tileSource({ id: 'x', width: 300, height: 200 });
  expect([minLevel, maxLevel]).toEqual([9, 9]);
});

const TILE = '*/api/v1/classifications/x/tiles/9/0_0.jpg';

/** Loads a tile as OpenSeadragon does, and returns its data; throws if that fails. */
const load = async () => {
  const source = tileSource({ id: 'x', width: 300, height: 200 });
  const job: Partial<ImageJob> = { src: source.getTileUrl(9, 0, 0), jobId: 1 };
  return new Promise<unknown>((resolve, reject) => {
    job.finish = resolve;
    job.fail = (message) => {
      reject(new Error(message));
    };
    source.downloadTileStart(job as ImageJob);
  });
};

it('loads a tile again after the time that a busy server states', async () => {
  let requests = 0;
  server.use(
    http.get(TILE, () => {
      requests += 1;
      return requests === 1
        ? busy('0')
        : new HttpResponse('tile', { headers: { 'Content-Type': 'image/jpeg' } });
    }),
  );
  await expect(load()).resolves.toMatchObject({ type: 'image/jpeg' });
  expect(requests).toBe(2);
});

it('reports a tile that cannot be loaded', async () => {
  server.use(http.get(TILE, () => problem(404, 'not_found', 'Unknown classification.')));
  await expect(load()).rejects.toThrow('Unknown classification.');
});
