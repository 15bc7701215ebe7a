import { readFileSync } from 'node:fs';

interface Place {
  /** Right ascension and declination of the centre in degrees. */
  ra: number;
  dec: number;
  /** Width of the field in degrees. */
  field: number;
  /** The name of the object. */
  name?: string;
}

/** The size of the sample image M 90 in pixels. */
const SIDE = 512;

const START_OF_IMAGE = 2;

/** Returns a sample image as a JPEG with a place on the sky, in Astronomy Visualization Metadata. */
export const placedImage = (place: Place): Buffer => {
  const image = readFileSync('../samples/m-90.jpg');
  const content = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp(place)}`);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([
    image.subarray(0, START_OF_IMAGE),
    marker,
    content,
    image.subarray(START_OF_IMAGE),
  ]);
};

const xmp = ({ ra, dec, field, name }: Place): string => `
  <x:xmpmeta xmlns:x="adobe:ns:meta/">
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <rdf:Description rdf:about="" xmlns:avm="http://www.communicatingastronomy.org/avm/1.0/">
        <avm:Spatial.CoordinateFrame>ICRS</avm:Spatial.CoordinateFrame>
        <avm:Spatial.ReferenceValue>${list(ra, dec)}</avm:Spatial.ReferenceValue>
        <avm:Spatial.ReferenceDimension>${list(SIDE, SIDE)}</avm:Spatial.ReferenceDimension>
        <avm:Spatial.ReferencePixel>${list(SIDE / 2, SIDE / 2)}</avm:Spatial.ReferencePixel>
        <avm:Spatial.Scale>${list(-field / SIDE, field / SIDE)}</avm:Spatial.Scale>
        <avm:Spatial.Rotation>0</avm:Spatial.Rotation>
        <avm:Spatial.CoordsystemProjection>TAN</avm:Spatial.CoordsystemProjection>
        ${name === undefined ? '' : `<avm:Subject.Name>${list(name)}</avm:Subject.Name>`}
      </rdf:Description>
    </rdf:RDF>
  </x:xmpmeta>`;

const list = (...values: (number | string)[]): string =>
  `<rdf:Seq>${values.map((value) => `<rdf:li>${value}</rdf:li>`).join('')}</rdf:Seq>`;
