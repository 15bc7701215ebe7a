import type { CatalogueObject } from '@/lib/api-client';
import { formatNumber } from '@/lib/format';
import { messages } from '@/lib/messages';

const MILLION = 1_000_000;
const { distance, millions, discovered } = messages.object;

/** Describes a distance in light-years, such as “about 2.5 million light-years”. */
export const distanceText = (lightYears: number): string => {
  if (lightYears < MILLION) return distance(formatNumber(lightYears, 0));
  const inMillions = lightYears / MILLION;
  return distance(millions(formatNumber(inMillions, inMillions < 10 ? 1 : 0)));
};

/** Describes who recorded an object first, such as “1764 (Charles Messier)”. */
export const discoveryText = ({
  by,
  year,
  before,
}: NonNullable<CatalogueObject['discovered']>): string => {
  if (by === null || year === null) return discovered.antiquity;
  return before ? discovered.before(year, by) : discovered.by(year, by);
};
