/** The browser's dialog for files, where it gives handles: with one, a file can be read again after a reload. */

import type { Handle } from "./records";

type Picker = (options: { multiple: boolean }) => Promise<Handle[]>;

/** The chosen files, each with its handle; none when the person chose none; undefined where there is no such dialog. */
export async function pickFiles(): Promise<File[] | undefined> {
  const { showOpenFilePicker } = window as { showOpenFilePicker?: Picker };
  try {
    const handles = await showOpenFilePicker?.({ multiple: true });
    return handles && (await Promise.all(handles.map(async (handle) => Object.assign(await handle.getFile(), { handle }))));
  } catch (error) {
    const isCancelled = error instanceof DOMException && error.name === "AbortError";
    // A page inside another one may not open it.
    return isCancelled ? [] : undefined;
  }
}
