import type { ImageJob, TileSourceOptions } from 'openseadragon';

import type { Classification } from '@/lib/api-client';
import { serverPath } from '@/lib/base-path';
import { fetchImage } from '@/lib/fetch-image';

/** The side of a tile in pixels, as the server divides the image. */
const TILE_SIDE = 512;

/** The type of OpenSeadragon lacks the functions of a custom tile source. */
type TileSource = TileSourceOptions & {
  getTileUrl: (level: number, column: number, row: number) => string;
  downloadTileStart: (job: ImageJob) => void;
  downloadTileAbort: (job: ImageJob) => void;
};

type Image = Pick<Classification, 'id' | 'width' | 'height'>;

/** Describes the tiles of an image on the server, from the level that fits into a single tile. */
export const tileSource = ({ id, width, height }: Image): TileSource => {
  const maxLevel = levelOf(Math.max(width, height));
  const downloads = new WeakMap<ImageJob, AbortController>();
  return {
    width,
    height,
    tileSize: TILE_SIDE,
    minLevel: Math.min(maxLevel, levelOf(TILE_SIDE)),
    maxLevel,
    getTileUrl: (level, column, row) =>
      serverPath(`api/v1/classifications/${id}/tiles/${level}/${column}_${row}.jpg`),
    // OpenSeadragon's own loader ignores the header `Retry-After` of a busy server.
    downloadTileStart: (job) => {
      const controller = new AbortController();
      downloads.set(job, controller);
      fetchImage(job.src, controller.signal).then(
        (tile) => {
          job.finish(tile, null, 'rasterBlob');
        },
        (error: unknown) => {
          if (job.jobId !== null) job.fail(String(error), null); // neither aborted nor timed out
        },
      );
    },
    downloadTileAbort: (job) => {
      downloads.get(job)?.abort();
    },
  };
};

const levelOf = (side: number): number => Math.ceil(Math.log2(side));
