import described from '@samples/samples.json';

import type { Label } from '@/lib/api-client';
import { messages } from '@/lib/messages';

/** An image that comes with the page. */
export interface Sample {
  file: string;
  /** What it shows. */
  label: Label;
  title: string;
  credit: string;
  licence: string;
  address: string;
}

const found = import.meta.glob<string>('@samples/*.jpg', {
  eager: true,
  query: '?url',
  import: 'default',
});

const addresses = new Map(
  Object.entries(found).map(([path, url]) => [path.split('/').at(-1), url]),
);

export const samples: Sample[] = described.map(({ file, label, title, credit, licence }) => {
  const address = addresses.get(file);
  if (address === undefined) throw new Error(`samples.json names ${file}, which is not there.`);
  return {
    file,
    label: label as Label,
    title: messages.samples.titles[file] ?? title,
    credit,
    licence,
    address,
  };
});
