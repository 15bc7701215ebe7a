import described from '@samples/samples.json';

/** A picture that comes with the page. */
export interface Sample {
  file: string;
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

export const samples: Sample[] = described.map(({ file, title, credit, licence }) => {
  const address = addresses.get(file);
  if (address === undefined) throw new Error(`samples.json names ${file}, which is not there.`);
  return { file, title, credit, licence, address };
});
