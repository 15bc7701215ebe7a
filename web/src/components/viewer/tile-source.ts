import type { TileSourceOptions } from 'openseadragon';

import type { Classification } from '@/lib/api-client';
import { serverPath } from '@/lib/base-path';

/** The side of a tile in pixels, as the server divides the image. */
const TILE_SIDE = 512;

/** The type of OpenSeadragon lacks the function of a custom tile source. */
type TileSource = TileSourceOptions & {
  getTileUrl: (level: number, column: number, row: number) => string;
};

type Image = Pick<Classification, 'id' | 'width' | 'height'>;

/** Describes the tiles of an image on the server, from the level that fits into a single tile. */
export const tileSource = ({ id, width, height }: Image): TileSource => {
  const maxLevel = levelOf(Math.max(width, height));
  return {
    width,
    height,
    tileSize: TILE_SIDE,
    minLevel: Math.min(maxLevel, levelOf(TILE_SIDE)),
    maxLevel,
    getTileUrl: (level, column, row) =>
      serverPath(`api/v1/classifications/${id}/tiles/${level}/${column}_${row}.jpg`),
  };
};

const levelOf = (side: number): number => Math.ceil(Math.log2(side));
