/** What the list shows: the uploads on their way, then the files, searched and sorted. */

import { isRunning, type FilesState, type StoredFile, type Upload } from "@stackctl/uploads";
import { locale } from "../languages";

export type Entry = { id: string; name: string } & ({ is: "upload"; upload: Upload } | { is: "file"; file: StoredFile });

export type Column = "name" | "size" | "changed";

export interface Order {
  column: Column;
  isDescending: boolean;
}

export const NEWEST_FIRST: Order = { column: "changed", isDescending: true };

/** The order after a press on a column's head: names and sizes begin with the first and the largest. */
export function pressed({ column, isDescending }: Order, on: Column): Order {
  return on === column ? { column, isDescending: !isDescending } : { column: on, isDescending: on !== "name" };
}

/** The uploads of a folder that are rows: those on their way, and where files are not listed those that arrived. */
export function uploadEntries(all: readonly Upload[], folder: string, files: FilesState): Entry[] {
  const rank = ({ state }: Upload) => (isRunning(state) || state.is === "paused" ? 0 : state.is === "waiting" ? 1 : 2);
  const isShown = ({ state }: Upload) => state.is !== "failed" && state.is !== "cancelled" && (state.is !== "done" || files.is === "hidden");
  return all
    .filter((it) => it.folder === folder && isShown(it))
    .sort((one, other) => rank(one) - rank(other) || one.id - other.id)
    .map((upload) => ({ is: "upload", id: `upload ${upload.id}`, name: upload.file.name, upload }));
}

export function fileEntries(files: readonly StoredFile[], { column, isDescending }: Order): Entry[] {
  const { compare } = new Intl.Collator(locale(), { numeric: true });
  const by = {
    name: (one: StoredFile, other: StoredFile) => compare(one.name, other.name),
    size: (one: StoredFile, other: StoredFile) => one.size - other.size,
    changed: (one: StoredFile, other: StoredFile) => one.changed.getTime() - other.changed.getTime(),
  }[column];
  // The endpoint's own order is the newest first.
  const isSorted = column === "changed" && isDescending;
  const sorted = isSorted ? files : [...files].sort((one, other) => (isDescending ? by(other, one) : by(one, other)));
  return sorted.map((file) => ({ is: "file", id: file.key, name: file.name, file }));
}

/** The entries whose name has all words. */
export function found(entries: readonly Entry[], search: string): readonly Entry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length > 0 ? entries.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))) : entries;
}
