import type { CatalogueObject, Sky } from '@/lib/api-client';

/** A page about an object on another website. */
export interface ObjectLink {
  name: string;
  url: string;
}

/** The catalogues whose designations SIMBAD and NED know under the same name. */
const SHARED_CATALOGUES = /^(M|NGC|IC|UGC|PGC|ESO|HCG) ?\d/;

/** The field to show around an object of unknown size, in degrees. */
const DEFAULT_FIELD = 0.5;

/** Returns links to databases for an object, or for the centre of a field without an object. */
export const objectLinks = (object: CatalogueObject | null, sky: Sky | null): ObjectLink[] => {
  const place = object ?? sky;
  if (place === null) return [];
  const position = `${place.ra.toFixed(5)} ${place.dec >= 0 ? '+' : ''}${place.dec.toFixed(5)}`;
  const field = Math.max(sky?.width ?? 0, ((object?.major_axis ?? 0) / 60) * 1.5) || DEFAULT_FIELD;
  const isShared = object !== null && SHARED_CATALOGUES.test(object.name);
  const simbad = isShared
    ? withQuery('https://simbad.cds.unistra.fr/simbad/sim-id', { Ident: object.name })
    : withQuery('https://simbad.cds.unistra.fr/simbad/sim-coo', {
        Coord: position,
        Radius: '5',
        'Radius.unit': 'arcmin',
      });
  const aladin = withQuery('https://aladin.cds.unistra.fr/AladinLite/', {
    target: position,
    fov: field.toFixed(2),
  });
  const links = [
    { name: 'SIMBAD', url: simbad },
    { name: 'Aladin Lite', url: aladin },
  ];
  // NED contains objects outside the Milky Way.
  if (isShared && object.labels.includes('galaxy')) {
    const url = withQuery('https://ned.ipac.caltech.edu/byname', { objname: object.name });
    links.splice(1, 0, { name: 'NED', url });
  }
  return links;
};

const withQuery = (address: string, query: Record<string, string>): string =>
  `${address}?${new URLSearchParams(query).toString()}`;
