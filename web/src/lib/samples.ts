import descriptions from '@samples/samples.json';

import type { Label } from '@/lib/api-client';
import type { Language } from '@/lib/language';

/** A sample image that is included in the web interface. */
export interface Sample {
  file: string;
  /** The SHA-256 hash of the file, by which an answer to the image is recognized. */
  sha256: string;
  /** The position among the sample images, from 1. It names the image until it is classified. */
  number: number;
  /** The true class of the image. */
  label: Label;
  title: Record<Language, string>;
  /** What makes the image hard to classify. */
  note: Record<Language, string> | undefined;
  /** Whether the shipped models were trained on an image of the same object. */
  isTrained: boolean;
  credit: string;
  licence: string;
  url: string;
  /** The URL of a small, square version. */
  thumbnail: string;
}

const urls = import.meta.glob<string>('@samples/*.jpg', {
  eager: true,
  query: '?url',
  import: 'default',
});

const thumbnails = import.meta.glob<string>('@samples/*.jpg', {
  eager: true,
  query: { w: '192', h: '192', fit: 'cover', format: 'webp', quality: '60' },
  import: 'default',
});

const find = (files: Record<string, string>, name: string): string => {
  const found = Object.entries(files).find(([path]) => path.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`samples.json lists ${name}, which does not exist.`);
  return found[1];
};

export const samples: Sample[] = descriptions.map(
  ({ file, sha256, label, title, note, trained = false, credit, licence }, index) => ({
    file,
    sha256,
    number: index + 1,
    label,
    title,
    note,
    isTrained: trained,
    credit,
    licence,
    url: find(urls, file),
    thumbnail: find(thumbnails, file),
  }),
);
