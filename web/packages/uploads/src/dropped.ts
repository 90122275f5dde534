/** The files of a drop or a paste: those of folders too, and with handles where the browser gives them. */

import type { Handle } from "./parts/records";

/** Call it in the event's own turn: the browser forgets the items afterwards. */
export function filesOf(transfer: DataTransfer): Promise<File[]> {
  const all = [...transfer.items].filter(({ kind }) => kind === "file").map(read);
  return Promise.all(all).then((lists) => lists.flat());
}

/** Whether something that is dragged has files. */
export function hasFiles(transfer: DataTransfer | null): transfer is DataTransfer {
  return transfer?.types.includes("Files") ?? false;
}

type WithHandle = DataTransferItem & { getAsFileSystemHandle?: () => Promise<(Handle & { kind: string }) | null> };

function read(item: WithHandle): Promise<File[]> {
  const entry = item.webkitGetAsEntry?.();
  const file = item.getAsFile();
  const handle = item.getAsFileSystemHandle?.().catch(() => null);
  if (entry?.isDirectory) return readFolder(entry as FileSystemDirectoryEntry);
  if (!file) return Promise.resolve([]);
  // With a handle an interrupted upload goes on without another choice of the file.
  return (handle ?? Promise.resolve(null)).then((it) => [it?.kind === "file" ? Object.assign(file, { handle: it }) : file]);
}

async function readFolder(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const files: File[] = [];
  // A reader gives a hundred entries at once, and none at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return files;
    for (const entry of entries) {
      if (entry.isDirectory) files.push(...(await readFolder(entry as FileSystemDirectoryEntry)));
      else files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)));
    }
  }
}
