/** A file with its path, if it is in a folder that was dropped. */
export type FileWithPath = File & { path?: string };

/** Returns the files that the user drops, and those in the folders that the user drops. */
export const droppedFiles = async ({ items }: DataTransfer): Promise<FileWithPath[]> => {
  // All items are read at once, because browsers forget them when the event has been handled.
  const files = await Promise.all([...items].map(filesOf));
  return files.flat();
};

const filesOf = (item: DataTransferItem): Promise<FileWithPath[]> => {
  const entry = item.webkitGetAsEntry();
  if (entry?.isDirectory) return filesIn(entry as FileSystemDirectoryEntry);
  const file = item.getAsFile();
  return Promise.resolve(file === null ? [] : [file]);
};

const filesIn = async (folder: FileSystemDirectoryEntry): Promise<FileWithPath[]> => {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // Each call returns some of the entries.
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (more.length === 0) break;
    entries.push(...more);
  }
  const files = await Promise.all(
    entries.map((entry) =>
      entry.isDirectory
        ? filesIn(entry as FileSystemDirectoryEntry)
        : fileOf(entry as FileSystemFileEntry).then((file) => [file]),
    ),
  );
  return files.flat();
};

const fileOf = async (entry: FileSystemFileEntry): Promise<FileWithPath> => {
  const file = await new Promise<File>((resolve, reject) => {
    entry.file(resolve, reject);
  });
  return Object.assign(file, { path: entry.fullPath });
};
