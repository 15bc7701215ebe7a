import descriptions from '@samples/samples.json';

import type { Label } from '@/lib/api-client';
import { messages } from '@/lib/messages';

/** A sample image that is included in the web interface. */
export interface Sample {
  file: string;
  /** The true class of the image. */
  label: Label;
  title: string;
  credit: string;
  licence: string;
  url: string;
}

const urls = import.meta.glob<string>('@samples/*.jpg', {
  eager: true,
  query: '?url',
  import: 'default',
});

const urlByFile = new Map(Object.entries(urls).map(([path, url]) => [path.split('/').at(-1), url]));

export const samples: Sample[] = descriptions.map(({ file, label, title, credit, licence }) => {
  const url = urlByFile.get(file);
  if (url === undefined) throw new Error(`samples.json lists ${file}, which does not exist.`);
  return {
    file,
    label: label,
    title: messages.samples.titles[file] ?? title,
    credit,
    licence,
    url,
  };
});
