/** A file with its path, if it is in a folder that was dropped. */
export type FileWithPath = File & { path?: string };

/** What the user drops. */
export interface Dropped {
  /** The files, and those in the folders. */
  files: FileWithPath[];
  /** The names of the files and folders that the browser cannot read. */
  unreadable: string[];
}

/** Reads the files and folders that the user drops. */
export const readDropped = async ({ items }: DataTransfer): Promise<Dropped> =>
  // All items are read at once, because browsers forget them when the event has been handled.
  joined(await Promise.all([...items].map(readItem)));

const joined = (parts: Dropped[]): Dropped => ({
  files: parts.flatMap(({ files }) => files),
  unreadable: parts.flatMap(({ unreadable }) => unreadable),
});

const readItem = (item: DataTransferItem): Promise<Dropped> => {
  const entry = item.webkitGetAsEntry();
  if (entry?.isDirectory) return readEntry(entry);
  const file = item.getAsFile();
  return Promise.resolve({ files: file === null ? [] : [file], unreadable: [] });
};

const readEntry = async (entry: FileSystemEntry): Promise<Dropped> => {
  try {
    if (!entry.isDirectory)
      return { files: [await fileOf(entry as FileSystemFileEntry)], unreadable: [] };
    const entries = await entriesOf(entry as FileSystemDirectoryEntry);
    return joined(await Promise.all(entries.map(readEntry)));
  } catch {
    return { files: [], unreadable: [entry.name] };
  }
};

const entriesOf = async (folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // Each call returns some of the entries.
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (more.length === 0) return entries;
    entries.push(...more);
  }
};

const fileOf = async (entry: FileSystemFileEntry): Promise<FileWithPath> => {
  const file = await new Promise<File>((resolve, reject) => {
    entry.file(resolve, reject);
  });
  return Object.assign(file, { path: entry.fullPath });
};
