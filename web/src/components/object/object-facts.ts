import type { CatalogueObject } from '@/lib/api-client';
import { formatNumber } from '@/lib/format';
import { currentMessages } from '@/lib/messages';

const MILLION = 1_000_000;

/** Describes a distance in light-years, such as “about 2.5 million light-years”. */
export const distanceText = (lightYears: number): string => {
  const { distance, millions } = currentMessages().object;
  if (lightYears < MILLION) return distance({ number: formatNumber(lightYears, 0) });
  const inMillions = lightYears / MILLION;
  return distance({
    number: millions({ number: formatNumber(inMillions, inMillions < 10 ? 1 : 0) }),
  });
};

/** Describes who recorded an object first, such as “1764 (Charles Messier)”. */
export const discoveryText = ({
  by,
  year,
  before,
}: NonNullable<CatalogueObject['discovered']>): string => {
  const { discovered } = currentMessages().object;
  if (by === null || year === null) return discovered.antiquity;
  return before ? discovered.before({ year, name: by }) : discovered.by({ year, name: by });
};
