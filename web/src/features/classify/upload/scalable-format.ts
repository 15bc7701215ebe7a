/** Formats of images that the browser may scale down before they are sent. */
export type ScalableFormat = 'JPEG' | 'PNG' | 'WebP' | 'HEIC';

const SIGNATURES: [ScalableFormat, RegExp][] = [
  ['JPEG', /^\xff\xd8\xff/],
  ['PNG', /^\x89PNG\r\n/],
  ['WebP', /^RIFF.{4}WEBP/s],
  ['HEIC', /^.{4}ftypheic/s], // 8 bits per channel
];

const HEAD_BYTES = 12;

/** Returns the format of a file according to its content; undefined for all other formats. */
export const scalableFormat = async (file: Blob): Promise<ScalableFormat | undefined> => {
  const head = new TextDecoder('latin1').decode(await file.slice(0, HEAD_BYTES).arrayBuffer());
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0];
};
